"""What ends with the record that people were told of."""

from hikeshi.incidents.facts import Closed, Merged, RecordPurged, Restricted
from hikeshi.kernel.acting import system
from hikeshi.ledger.reactions import EntryView, when
from hikeshi.notices import actions
from hikeshi.notices.drafts import Ended
from hikeshi.notices.models import Outage

BY = system("notices")


def nothing_published() -> bool:
    return not Outage.objects.exists()


@when(Closed, unless=nothing_published)
def end_with_the_record(fact: Closed, entry: EntryView) -> None:
    actions.end_with_record(by=BY, incident=fact.incident, because=Ended.CLOSED, at=entry.at)


@when(Merged, unless=nothing_published)
def end_where_work_goes_on_elsewhere(fact: Merged, entry: EntryView) -> None:
    actions.end_with_record(by=BY, incident=fact.incident, because=Ended.MERGED, at=entry.at)


@when(Restricted, unless=nothing_published)
def end_what_became_restricted(fact: Restricted, entry: EntryView) -> None:
    """From then on only its own people are to know of it."""
    actions.end_with_record(by=BY, incident=fact.incident, because=Ended.RESTRICTED, at=entry.at)


@when(RecordPurged, unless=nothing_published)
def forget_with_the_record(fact: RecordPurged, entry: EntryView) -> None:
    actions.forget_outages(by=BY, incident=fact.incident, world=entry.world)
