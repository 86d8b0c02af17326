"""What would fail in the night it is needed: ways in doubt, never proven or not for long; people without any.

Only of whom the desk relies on: people who work on records or stand on a call sheet, and outside parties in use.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from hikeshi.accounts import contacts
from hikeshi.accounts.models import ContactRules, Party, Person, StoredWay
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.ways import Kind, Standing, standing
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.lately import Lately

ORDER: Final = ("rank", "id")
MOST_LOUD: Final = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """``silent``: whoever is relied on and cannot be reached at all."""

    ways: int
    silent: int

    @property
    def any(self) -> bool:
        return bool(self.ways or self.silent)


def stale_after() -> timedelta:
    return timedelta(days=contacts.rules().stale_days)


def standing_of(row: StoredWay, after: timedelta) -> Standing:
    return standing(row.proven_at, row.trouble, clock.now(), after)


def all_ways() -> QuerySet[StoredWay]:
    """Of the whole site, for the desk's own loops; the worst first by ``rank``."""
    old = Q(proven_at__lt=clock.now() - stale_after())
    outside = Q(party__retired_at=None, party__under__retired_at=None, party__isnull=False)
    relied = Q(person__in=contacts.relied_on().values("pk")) | outside
    rank = Case(
        When(~Q(trouble=""), then=Value(0)),
        When(proven_at=None, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = StoredWay.objects.filter(relied & (~Q(trouble="") | Q(proven_at=None) | old)).annotate(rank=rank)
    return rows.select_related("person__organisation", "party__organisation", "party__keeper", "party__under__keeper")


def ways(by: Actor) -> QuerySet[StoredWay]:
    people = contacts.seen_people(by).values("pk")
    return all_ways().filter(Q(person__in=people) | Q(party__in=contacts.seen_parties(by).values("pk")))


def people_without_way(by: Actor) -> QuerySet[Person]:
    """An own device alone is no way: it falls silent with the desk."""
    rows = contacts.relied_on().filter(pk__in=contacts.seen_people(by).values("pk"))
    some = StoredWay.objects.filter(person=OuterRef("pk")).exclude(kind=Kind.PUSH)
    return rows.exclude(Exists(some)).select_related("organisation").order_by("name", "id")


def parties_without_way(by: Actor) -> QuerySet[Party]:
    own = StoredWay.objects.filter(party=OuterRef("pk"))
    desks = StoredWay.objects.filter(party__under=OuterRef("pk"), party__retired_at=None)
    return contacts.parties(by).exclude(Exists(own)).exclude(Exists(desks)).order_by("name", "id")


def deputies_gone(by: Actor) -> QuerySet[Person]:
    """People whose deputy is out of use: who stands in for them was never said."""
    rows = contacts.seen_people(by).filter(pk__in=contacts.relied_on().values("pk"))
    return rows.filter(card__deputy__is_active=False).select_related("card__deputy").order_by("name", "id")


def counts(by: Actor) -> Counts:
    """Up to a hundred each: beyond that the number says nothing more."""
    return Counts(
        ways=ways(by).order_by()[:MOST_LOUD].count(),
        silent=people_without_way(by)[:MOST_LOUD].count() + parties_without_way(by)[:MOST_LOUD].count(),
    )


_to_mend: Final = Lately[int]("accounts")


def most_to_mend(by: Actor) -> int:
    """What the menu of every page says to whoever can mend it; nothing to the others. As of the last minute."""

    def counted() -> int:
        found = counts(by)
        return found.ways + found.silent

    return _to_mend.of(by, counted) if by.may(Verb.MANAGE) else 0


def keeper_of(row: StoredWay, rules: ContactRules) -> Person | None:
    """Who is to set it right: the person themselves; for somebody outside, whoever keeps the entry."""
    if row.person is not None:
        return row.person
    party = row.party
    if party is None:
        return None
    kept = party.keeper or (party.under.keeper if party.under else None) or rules.keeper
    return kept if kept is not None and kept.is_active else None


def kept_by(keeper: UUID | None = None) -> Counter[UUID]:
    """How many stale ways each keeper has to set right; of one of them alone, where one is named."""
    rules, found = contacts.rules(), Counter[UUID]()
    rows = all_ways()
    if keeper is not None:
        theirs = Q(party__keeper__uuid=keeper) | Q(party__under__keeper__uuid=keeper)
        if rules.keeper is not None and rules.keeper.uuid == keeper:
            theirs |= Q(party__isnull=False)
        rows = rows.filter(Q(person__uuid=keeper) | theirs)
    for row in rows.iterator(chunk_size=500):
        kept = keeper_of(row, rules)
        if kept is not None and keeper in (None, kept.uuid):
            found[kept.uuid] += 1
    return found
