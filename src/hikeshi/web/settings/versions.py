"""Versions of what a site settles: who made the one in force, and those before it."""

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.vocabularies import Subject
from hikeshi.kernel.acting import Actor
from hikeshi.web.settings import changes


def known(by: Actor, subject: Subject) -> dict[str, object]:
    """For a page about it: versions, the last change, whether the reader may make another."""
    found = incidents.versions(by, subject)
    last = changes.Change(found[0].who, found[0].row.at) if found else None
    return {"versions": found, "changed": last, "subject": subject, "may_configure": incidents.may_configure(by)}
