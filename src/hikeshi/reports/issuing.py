"""Issues a report: makes it, then puts its hash into the ledger, which only the second step may hold."""

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.reports.actions import note_report
from hikeshi.reports.making import Made, make


def issue(by: Actor, ref: str, *, form: str, language: str, reading: str = "") -> Made:
    """Raises NotFound, NotAllowed, Invalid, DocumentBusy, DocumentTooLarge, FontsMissing."""
    by.must(Verb.WORK, incidents.incident(by, ref).organisation_id)
    made = make(by, ref, form=form, language=language, reading=reading, issued=True)
    note_report(by=by, ref=ref, made=made)
    return made
