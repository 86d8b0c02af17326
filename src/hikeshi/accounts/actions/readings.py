"""In whose words the phases are named: one's own choice, and what the site shows whoever has none."""

import re
from typing import Final

from hikeshi.accounts import facts, queries
from hikeshi.accounts.actions.rights import TOPICS
from hikeshi.accounts.actions.site import SUBJECT
from hikeshi.accounts.models import Person, Site
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.ledger.acts import action, record

_CODE: Final = re.compile(r"[a-z0-9_]{0,20}", re.ASCII)
"""Which readings there are is known above; one that is gone since counts as none."""


@action
def choose_reading(*, by: Actor, reading: str) -> Person:
    """For oneself; empty is as the site. No fact, since it concerns nobody else. Raises NotAllowed, Invalid."""
    mine = queries.myself(by)
    if mine is None:
        raise NotAllowed(Verb.MANAGE)
    mine.reading = _code(reading)
    mine.save(update_fields=["reading"])
    return mine


@action
def choose_site_reading(*, by: Actor, reading: str) -> Site:
    """For whoever has not chosen. Raises NotAllowed, Invalid."""
    by.must(Verb.MANAGE, queries.root().pk)
    site = queries.site()
    site.reading = _code(reading)
    site.save(update_fields=["reading"])
    record(facts.SiteReadingChosen(reading=site.reading), subject=SUBJECT, by=by, topics=TOPICS)
    return site


def _code(reading: str) -> str:
    if not _CODE.fullmatch(reading):
        raise Invalid("reading", "unknown")
    return reading
