"""Records as cards in columns. Each column is found by an index in the order of the cards, so many and no more."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Membership, Person
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import STANDING, Incident
from hikeshi.kernel import paging
from hikeshi.kernel.acting import Actor
from hikeshi.lists.models import ColumnLimits
from hikeshi.lists.permissions import Verb
from hikeshi.lists.queries.saved import own_teams

CARDS: Final = 20
OWN_CARDS: Final = 10
"""Where each column is a person: there are twice as many columns, and nobody works on more at once."""
COLUMNS: Final = 12
MATES: Final = 6
"""Members of one's teams who are shown though they own nothing: one can give them something."""
_ORDER: Final = ("standing", "priority", "-updated_at", "-id")
_SHOWN: Final = (
    *("uuid", "ref", "title", "priority", "status", "standing", "phase", "waiting", "restricted", "world", "version"),
    *("organisation_id", "opened_at", "updated_at", "merged_into_id", "owner__uuid", "owner__name"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """``key``: a word for phases, a status, or the uuid of an owner; empty for nobody, and for phases that have no
    column of their own. ``exact``: whether all were counted.
    """

    key: str
    many: int
    exact: bool = True
    cards: tuple[Incident, ...] = ()
    owner: Person | None = None

    @property
    def more(self) -> int:
        return self.many - len(self.cards)

    @property
    def rest(self) -> bool:
        """There are others than these cards, or may be."""
        return self.more > 0 or not self.exact


@dataclass(frozen=True, slots=True)
class Limits:
    most: dict[str, int] = field(default_factory=dict)
    version: int = 0

    def of(self, phases: Iterable[str]) -> int | None:
        """Of one or several phases shown as one column; None unless each has a limit."""
        found = [self.most.get(one) for one in phases]
        return sum(one or 0 for one in found) if found and None not in found else None


def column_limits() -> Limits:
    row = ColumnLimits.objects.filter(pk=1).first()
    return Limits(row.limits, row.version) if row else Limits()


def may_limit(by: Actor) -> bool:
    return by.may(Verb.SHARE, accounts.root().pk)


def _cards(rows: QuerySet[Incident], most: int = CARDS) -> tuple[Incident, ...]:
    return tuple(rows.select_related(None).select_related("owner").only(*_SHOWN).order_by(*_ORDER)[:most])


def _few(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Of which it is counted how many stand in each column."""
    return rows.order_by()[: paging.EXACT_TO + 1]


def by_phase(rows: QuerySet[Incident], words: Sequence[tuple[str, tuple[str, ...]]]) -> list[Column]:
    """Open records under the words that stand for their phases; what no word stands for comes last, if there is any."""
    going = rows.filter(standing=0)
    found = list(_few(going).values_list("phase", flat=True))
    counts, exact = Counter(found), len(found) <= paging.EXACT_TO
    named = {code for _word, codes in words for code in codes}
    elsewhere = tuple(code for code in counts if code not in named)
    columns = [*words, *([("", elsewhere)] if elsewhere else [])]
    return [_of_phases(going, word, codes, sum(counts[one] for one in codes), exact) for word, codes in columns]


def _of_phases(going: QuerySet[Incident], word: str, codes: tuple[str, ...], many: int, exact: bool) -> Column:
    wanted = Q(phase=codes[0]) if len(codes) == 1 else Q(phase__in=codes)
    cards = _cards(going.filter(wanted)) if many or not exact else ()
    return Column(word, *_known(many, exact, len(cards), CARDS), cards)


def _known(many: int, exact: bool, cards: int, most: int) -> tuple[int, bool]:
    """How many, and whether those are all: where not everything was counted, a column with room left is known whole."""
    if exact:
        return many, True
    return (cards, True) if cards < most else (max(many, cards), False)


def by_status(rows: QuerySet[Incident]) -> list[Column]:
    columns = []
    for status in Status:
        found = rows.filter(standing=STANDING[status])
        many, exact = paging.count(found)
        columns.append(Column(status.value, many, exact, _cards(found) if many else ()))
    return columns


def by_owner(by: Actor, rows: QuerySet[Incident]) -> tuple[list[Column], int]:
    """Open records of nobody, of the reader, of those beside them in their teams and of whoever carries most; and how
    many more people own some.
    """
    going = rows.filter(standing=0)
    owned: list[int | None] = list(_few(going).values_list("owner_id", flat=True))
    counts, exact = Counter(owned), len(owned) <= paging.EXACT_TO
    if not exact:  # thousands of nobody's hide no owner
        counts |= Counter(_few(going.filter(owner__isnull=False)).values_list("owner_id", flat=True))
    people = {one.pk: one for one in _near(by)}
    order = list(dict.fromkeys([*people, *(pk for pk, _many in counts.most_common() if pk is not None)]))
    free = _cards(going.filter(owner=None), OWN_CARDS) if counts[None] or not exact else ()
    first = [Column("", *_known(counts[None], exact, len(free), OWN_CARDS), free)]
    found = [_of_owner(going, pk, people.get(pk), counts[pk], exact) for pk in order[: COLUMNS - 1]]
    return [*first, *(one for one in found if one.owner is not None)], max(len(order) - COLUMNS + 1, 0)


def _near(by: Actor) -> list[Person]:
    if by.person_id is None:
        return []
    mine = accounts.myself(by)
    beside = Membership.objects.filter(team__in=own_teams(by).values("pk"), person__is_active=True)
    mates = Person.objects.filter(pk__in=beside.values("person")).exclude(pk=by.person_id).order_by("name", "pk")
    return [*([mine] if mine else []), *mates[:MATES]]


def team_mates(by: Actor) -> dict[int, str]:
    """Keys and references of everybody in the reader's teams."""
    beside = Membership.objects.filter(team__in=own_teams(by).values("pk"))
    people = Person.objects.filter(pk__in=beside.values("person")).values_list("pk", "uuid")
    return {pk: f"person:{uuid}" for pk, uuid in people}


def _of_owner(going: QuerySet[Incident], pk: int, person: Person | None, many: int, exact: bool) -> Column:
    cards = _cards(going.filter(owner=pk), OWN_CARDS) if many or not exact else ()
    owner = person or (cards[0].owner if cards else None)
    return Column(str(owner.uuid) if owner else "", *_known(many, exact, len(cards), OWN_CARDS), cards, owner)
