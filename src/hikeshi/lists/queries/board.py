"""Records as cards in columns. Each column is found by an index in the order of the cards, so many and no more."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from django.db.models import BigIntegerField, QuerySet
from django.db.models import Value as Given

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Membership, Person
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import STANDING, Incident
from hikeshi.kernel import paging
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Value, asked_of_each
from hikeshi.lists.models import ColumnLimits
from hikeshi.lists.permissions import Verb
from hikeshi.lists.queries.saved import own_teams

CARDS: Final = 20
OWN_CARDS: Final = 10
"""Where each column is a person: there are twice as many columns, and nobody works on more at once."""
COLUMNS: Final = 12
MATES: Final = 6
"""Members of one's teams who are shown though they own nothing: one can give them something."""
Cards: TypeAlias = "tuple[Incident, ...]"
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
    cards: Cards = ()
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


def _first(build: Callable[..., QuerySet[Incident]], each: Sequence[Mapping[str, Value]], most: int) -> list[list[int]]:
    """Which records are the first of each column, in one query."""

    def keys(**values: Value) -> QuerySet[Incident, int]:
        return build(**values).order_by(*_ORDER).values_list("pk", flat=True)[:most]

    return asked_of_each(keys, each)


def _cards(columns: Sequence[Sequence[int]]) -> list[Cards]:
    """As many columns, in one query."""
    rows = Incident.objects.select_related("owner").only(*_SHOWN)
    found = rows.in_bulk([pk for column in columns for pk in column])
    return [tuple(found[pk] for pk in column if pk in found) for column in columns]


def by_phase(rows: QuerySet[Incident], words: Sequence[tuple[str, tuple[str, ...]]]) -> list[Column]:
    """Open records under the words that stand for their phases; what no word stands for comes last, if there is any."""
    going = rows.filter(standing=0)
    counts: Counter[str]
    counts, exact = paging.tally(going, "phase")
    named = {code for _word, codes in words for code in codes}
    elsewhere = tuple(code for code in counts if code not in named)
    asked = [code for code in (*named, *elsewhere) if counts[code] or not exact]
    first = _first(lambda phase: going.filter(phase=phase), [{"phase": one} for one in asked], CARDS)
    cards = dict(zip(asked, _cards(first), strict=True))
    columns = []
    for word, codes in [*words, *([("", elsewhere)] if elsewhere else [])]:
        own = _merged([cards[one] for one in codes if one in cards])
        columns.append(Column(word, *_known(sum(counts[one] for one in codes), exact, len(own), CARDS), own))
    return columns


def _merged(phases: Sequence[Cards]) -> Cards:
    """The first of phases that are one column. Each is asked by itself: of two at once no index knows the order."""
    if len(phases) == 1:
        return phases[0]
    ordered = sorted(
        (card for one in phases for card in one), key=lambda card: (card.updated_at, card.pk), reverse=True
    )
    return tuple(sorted(ordered, key=lambda card: card.priority)[:CARDS])


def _known(many: int, exact: bool, cards: int, most: int) -> tuple[int, bool]:
    """How many, and whether those are all: where not everything was counted, a column with room left is known whole."""
    if exact:
        return many, True
    return (cards, True) if cards < most else (max(many, cards), False)


def by_status(rows: QuerySet[Incident]) -> list[Column]:
    counts = [paging.count(rows.filter(standing=STANDING[status])) for status in Status]
    each = [{"standing": STANDING[status]} for status in Status]
    first = _first(lambda standing: rows.filter(standing=Given(standing, BigIntegerField())), each, CARDS)
    known = zip(Status, counts, _cards(first), strict=True)
    return [Column(status.value, *many, cards) for status, many, cards in known]


def by_owner(by: Actor, rows: QuerySet[Incident]) -> tuple[list[Column], int]:
    """Open records of nobody, of the reader, of those beside them in their teams and of whoever carries most; and how
    many more people own some. Those of nobody are counted by themselves: thousands of them hide no owner.
    """
    going = rows.filter(standing=0)
    nobodys = going.filter(owner__isnull=True)
    counts: Counter[int]
    counts, exact = paging.tally(going.filter(owner__isnull=False), "owner_id")
    people = {one.pk: one for one in _near(by)}
    order = list(dict.fromkeys([*people, *(pk for pk, _many in counts.most_common())]))
    shown = order[: COLUMNS - 1]
    first = _first(lambda owner: going.filter(owner=owner), [{"owner": pk} for pk in shown], OWN_CARDS)
    free, *cards = _cards([*_first(lambda: nobodys, [{}], OWN_CARDS), *first])
    columns = [Column("", *paging.count(nobodys), free)]
    for pk, own in zip(shown, cards, strict=True):
        owner = people.get(pk) or (own[0].owner if own else None)
        if owner is not None:
            columns.append(Column(str(owner.uuid), *_known(counts[pk], exact, len(own), OWN_CARDS), own, owner))
    return columns, max(len(order) - COLUMNS + 1, 0)


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
