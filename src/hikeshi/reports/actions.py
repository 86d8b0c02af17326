"""The one act of reports: saying for good that this file was issued."""

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.reports.codes import State
from hikeshi.reports.facts import ReportMade
from hikeshi.reports.making import Made


@action
def note_report(*, by: Actor, ref: str, made: Made) -> str:
    """Puts the report's hash into the ledger. Made outside, since making one takes longer than a write may.

    Raises NotFound, NotAllowed; Invalid for a draft, and where the record was closed or reopened meanwhile.
    """
    incident = incidents.incident(by, ref)
    by.must(Verb.WORK, incident.organisation_id)
    if made.incident != incident.uuid or made.state is not State.of_issue(incident.status):
        raise Invalid("state", "changed_meanwhile")

    fact = ReportMade(
        incident=incident.uuid,
        form=made.form,
        language=made.language,
        reading=made.reading,
        state=made.state,
        digest=made.digest,
        size=len(made.content),
        ledger=made.ledger,
    )
    record(fact, subject=incident.subject, by=by, world=World(incident.world), topics=("incidents",))
    return made.digest
