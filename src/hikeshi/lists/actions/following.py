"""The engine's part: what records once were follows the ledger from its first entry, a short step at a time.

The cursor moves in the transaction that writes the stays, so each entry counts once, whoever else runs an engine.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from hikeshi.incidents.models import Incident
from hikeshi.kernel.facts import kind_of
from hikeshi.ledger import tail
from hikeshi.ledger.acts import unit
from hikeshi.ledger.models import Entry
from hikeshi.lists.models import STILL, Followed, Stay
from hikeshi.lists.remembering import NAMES, Change, Way, changes

ENTRIES: Final = 500
FAR_BEHIND: Final = 1_000
"""So many entries that say nothing of records are passed over before the place is written down."""
SUBJECT: Final = "incident:"


def follow(now: datetime) -> bool:
    """One step. Whether there is more to do at once. Looks before it asks for the pen."""
    place = Followed.objects.filter(pk=1).values_list("entry", flat=True).first()
    head = tail.head()
    if place is None:
        Followed.objects.get_or_create(pk=1)
        return True
    if head <= place:
        return False
    found = list(Entry.objects.filter(number__gt=place, number__lte=head, fact__in=NAMES).order_by("number")[:ENTRIES])
    full = len(found) == ENTRIES
    if found or head - place > FAR_BEHIND:
        _take(found, place, found[-1].number if full else head)
    return full


def begin_anew() -> None:
    """Forgets the stays; the next steps build them from the ledger."""
    with unit():
        Stay.objects.all().delete()
        Followed.objects.update_or_create(pk=1, defaults={"entry": 0})


def _take(entries: list[Entry], place: int, reached: int) -> None:
    with unit():
        if Followed.objects.filter(pk=1, entry=place).update(entry=reached) != 1:
            return
        uuids = {UUID(one.subject.removeprefix(SUBJECT)) for one in entries if one.subject.startswith(SUBJECT)}
        known = dict(Incident.objects.filter(uuid__in=uuids).values_list("uuid", "pk"))
        book = _Book.of(known.values())
        for entry in entries:
            incident = known.get(UUID(entry.subject.removeprefix(SUBJECT)))
            kind = kind_of(entry.fact)
            if incident is not None and kind is not None:
                for change in changes(kind.read(entry.body)):
                    book.apply(incident, change, entry.at)
        book.write()


@dataclass(slots=True)
class _Book:
    """The stays that go on, by record and field; what is new and what ended meanwhile."""

    going: dict[tuple[int, str], dict[str, Stay]] = field(default_factory=lambda: defaultdict(dict))
    new: list[Stay] = field(default_factory=list)
    ended: list[Stay] = field(default_factory=list)

    @classmethod
    def of(cls, incidents: Iterable[int]) -> "_Book":
        made = cls()
        for stay in Stay.objects.filter(incident__in=list(incidents), until=STILL):
            made.going[stay.incident_id, stay.field][stay.value] = stay
        return made

    def apply(self, incident: int, change: Change, at: datetime) -> None:
        here = self.going[incident, change.field]
        over = set(change.values) if change.way == Way.END else set()
        if change.way in {Way.SET, Way.ONLY}:
            over = here.keys() - set(change.values)
        for value in sorted(over & here.keys()):
            stay = here.pop(value)
            stay.until = at
            if stay.pk:
                self.ended.append(stay)
        for value in () if change.way == Way.END else change.values:
            if value not in here:
                here[value] = Stay(incident_id=incident, field=change.field, value=value, since=at, first=change.first)
                self.new.append(here[value])

    def write(self) -> None:
        Stay.objects.bulk_update(self.ended, ["until"], batch_size=500)
        Stay.objects.bulk_create(self.new, batch_size=500)
