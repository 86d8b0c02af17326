"""Which days are read from counters, and which records must be looked at beside them.

A counter holds what anybody may see who may see its place. What changed after it was made is found in the ledger, so a
day that is out of date is counted from its records instead: a figure never lags. Restricted records, and those seen
although their place is not, stand in no counter.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from hikeshi.accounts.models import Organisation
from hikeshi.figures.asking import GRAVE, Asked
from hikeshi.figures.models import TalliedDay, Tally, Tallying
from hikeshi.figures.periods import Days
from hikeshi.figures.queries import rows as records
from hikeshi.figures.tallying import day_of, loose
from hikeshi.incidents import facts
from hikeshi.incidents.models import Incident
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.models import Entry

MOST_CHANGES: Final = 2_000
"""Entries since the counters were made; after more, nothing is read from counters."""
SUBJECTS: Final = ("incident", "clocks")
ASIDE: Final = (timedelta(minutes=-1), timedelta(minutes=1))


class Held(NamedTuple):
    """A counter; its texts are read where they are asked for."""

    day: date
    organisation: int
    kind: str
    record_class: str
    priorities: str
    times: str
    kept: str


@dataclass(frozen=True, slots=True)
class Source:
    """What a figure of these days is counted from: counters of whole days, and records that stand in none of them."""

    days: Days
    tallies: Sequence[Held]
    rest: tuple[QuerySet[Incident], ...]


Both = tuple[Source, Source | None]
"""Of these days, and of those before where a comparison is asked."""


@dataclass(frozen=True, slots=True)
class Book:
    """``days`` that stand in counters. ``places``: whose counters the reader may see, None for all; ``elsewhere``:
    whether there are others.
    """

    asked: Asked
    rows: QuerySet[Incident]
    days: Collection[date]
    places: Collection[int] | None
    elsewhere: bool

    def source(self, days: Days) -> Source:
        """One query; the records are not asked for yet."""
        outside = loose(days, self.days)
        found = []
        whole = records.opened(self.rows, self.asked, days)
        if outside:
            around = records.opened(self.rows, self.asked, Days(outside[0].since, outside[-1].until))
            found.append(around.filter(self._within(outside)))
        if outside != [days]:
            apart = Q(restricted=True)
            if self.elsewhere:
                apart |= ~Q(organisation__in=self.places or ())
            found.append(whole.filter(apart).exclude(self._within(outside)) if outside else whole.filter(apart))
        held = self._tallies(days).values_list(*Held._fields)
        return Source(days, [Held(*one) for one in held], tuple(found))

    def _within(self, stretches: Collection[Days]) -> Q:
        wanted = Q(pk__in=[])
        for one in stretches:
            wanted |= Q(opened_at__gte=self.asked.moment(one.since), opened_at__lt=self.asked.moment(one.until))
        return wanted

    def _tallies(self, days: Days) -> QuerySet[Tally]:
        asked, held = self.asked, [one for one in self.days if days.since <= one < days.until]
        if not held:
            return Tally.objects.none()
        found = Tally.objects.filter(day__gte=days.since, day__lt=days.until)
        if loose(Days(min(held), max(held) + timedelta(days=1)), self.days):
            found = found.filter(day__in=held)
        else:
            found = found.filter(day__gte=min(held), day__lte=max(held))
        if self.places is not None:
            found = found.filter(organisation__in=self.places)
        if asked.organisation is not None:
            found = found.filter(organisation__in=records.below(asked.organisation))
        if asked.kind:
            found = found.filter(kind=asked.kind)
        return found.filter(record_class__in=GRAVE) if asked.grave else found


def book(by: Actor, asked: Asked, rows: QuerySet[Incident]) -> Book:
    """At most five queries. Raises NotFound for an organisation nobody has."""
    places = None if by.unlimited else by.organisations(Verb.VIEW)
    elsewhere = places is not None and Organisation.objects.exclude(pk__in=places).exists()
    return Book(asked, rows, _days(asked), places, elsewhere)


def _days(asked: Asked) -> Collection[date]:
    """Those of this period and the one before whose counters say how it is now."""
    how = Tallying.objects.filter(pk=1).first()
    if how is None or how.zone != str(asked.zone):
        return frozenset()
    since = asked.days.before.since if asked.compare else asked.days.since
    found = TalliedDay.objects.filter(day__gte=since, day__lt=asked.days.until).values_list("day", flat=True)
    days = frozenset(found)
    changed = changed_since(how.entry) if days else None
    return days - days_of(changed, asked.zone) if changed is not None else frozenset()


def changed_since(entry: int) -> Collection[UUID] | None:
    """Records that something was told of after that entry; None: of too many."""
    found = list(
        Entry.objects.filter(number__gt=entry).order_by("number").values_list("subject", flat=True)[: MOST_CHANGES + 1]
    )
    return named(found) if len(found) <= MOST_CHANGES else None


def named(subjects: Collection[str]) -> Collection[UUID]:
    split = (one.partition(":") for one in subjects)
    return {UUID(key) for kind, _colon, key in split if kind in SUBJECTS}


def days_of(changed: Collection[UUID], zone: tzinfo) -> set[date]:
    """On which days they were opened; of one that is gone the ledger says when that was."""
    if not changed:
        return set()
    known = dict(Incident.objects.filter(uuid__in=changed).values_list("uuid", "opened_at"))
    gone = [f"incident:{one}" for one in changed if one not in known]
    told = Entry.objects.filter(subject__in=gone, fact=facts.Opened.name).values_list("at", flat=True) if gone else ()
    return {day_of(at, zone) for at in known.values()} | {day_of(at + aside, zone) for at in told for aside in ASIDE}
