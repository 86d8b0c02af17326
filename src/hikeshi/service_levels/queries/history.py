"""A record's clocks worked out again from the ledger: for explaining them, and for ``hikeshi verify --state``."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from hikeshi.ledger.models import Entry
from hikeshi.service_levels import entries, hours
from hikeshi.service_levels.codes import Measure
from hikeshi.service_levels.facts import Looked
from hikeshi.service_levels.models import Hours, Track
from hikeshi.service_levels.queries.targets import books
from hikeshi.service_levels.reckoning import Change, Clock, Material, replay

Changes = Mapping[tuple[Measure, int], tuple[Change, ...]]
WANTED = (*entries.NAMES, Looked.name)


def own_subject(incident: UUID) -> str:
    """Under which the reckoning itself is told, so that a record's timeline shows people's acts."""
    return f"clocks:{incident}"


def told_of(incidents: Sequence[UUID]) -> dict[UUID, list[Entry]]:
    """What moved the clocks of these records, in order: one query."""
    subjects = {f"incident:{one}": one for one in incidents} | {own_subject(one): one for one in incidents}
    found: dict[UUID, list[Entry]] = defaultdict(list)
    for entry in Entry.objects.filter(subject__in=subjects, fact__in=WANTED).order_by("number"):
        found[subjects[entry.subject]].append(entry)
    return found


def reckoned(told: Sequence[Entry], upto: int) -> tuple[Clock, ...]:
    """The clocks as they stood after entry ``upto``."""
    noted = entries.noted(told)
    wanted = {digest for one in noted for digest in one.hours.values()}
    calendars = dict(Hours.objects.filter(digest__in=wanted).values_list("digest", "content"))
    material = Material(books(), noted, {digest: hours.read(content) for digest, content in calendars.items()})
    return replay((one for one in entries.events(told) if one.number <= upto), material)


def history_of(incident: UUID) -> Changes:
    upto = Track.objects.filter(incident=incident).values_list("upto", flat=True).first() or 0
    clocks = reckoned(told_of([incident])[incident], upto)
    return {(one.measure, one.round): one.changes for one in clocks}
