"""Lists of assets, and one of them."""

from collections.abc import Callable, Collection, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from hikeshi.accounts.models import Person, Team
from hikeshi.assets import details
from hikeshi.assets.codes import Data, Kind
from hikeshi.assets.models import Asset, Dependency, Identifier
from hikeshi.assets.particulars import FIELDS, STALE, Particulars
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries.visibility import visible
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import folded, sought

ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "criticality": ("-criticality", "called", "id"),
    "name": ("called", "id"),
    "updated": ("-updated_at", "-id"),
}
"""For ``kernel.paging.paginate``."""
ME: Final = "me"
NOBODY: Final = "none"
OFFERED: Final = 50


def assets(
    by: Actor,
    *,
    q: str = "",
    criticality: int = 0,
    kind: str = "",
    data: str = "",
    owner: str = "",
    restore: str = "",
    state: str = "used",
    order: str = "criticality",
) -> QuerySet[Asset]:
    """What the actor may see. ``criticality`` is the least wanted; ``owner`` a user name, ``me`` or ``none``;
    ``restore`` ``proven``, ``stale`` or ``never``; ``state`` ``used``, ``retired`` or ``all``. Raises NotAllowed,
    Invalid for a code that does not exist.
    """
    by.must(Verb.VIEW)
    _choice("order", order, ORDERS)
    rows = visible(by).select_related("owner", "team", "organisation")
    for word in sought(folded(q)):
        rows = rows.filter(words__contains=word)
    if criticality:
        rows = rows.filter(criticality__gte=criticality)
    if owner:
        rows = rows.filter(_owned(by, owner))
    for name, code in {"kind": kind, "data": data, "restore": restore, "state": state}.items():
        if code:
            rows = _FILTERS[name](rows, code)
    return rows.order_by(*ORDERS[order])


def _choice(name: str, code: str, known: Collection[str]) -> str:
    if code not in known:
        raise Invalid(name, "not_a_choice", choices=", ".join(known))
    return code


def _owned(by: Actor, owner: str) -> Q:
    if owner == NOBODY:
        return Q(owner__isnull=True, team__isnull=True)
    if owner == ME:
        mine = Team.objects.filter(people=by.person_id or 0)
        return Q(owner=by.person_id or 0) | Q(team__in=mine)
    return Q(owner__username=Person.normalize_username(owner))


def _by_kind(rows: QuerySet[Asset], code: str) -> QuerySet[Asset]:
    return rows.filter(kind=_choice("kind", code, [one.value for one in Kind]))


def _by_data(rows: QuerySet[Asset], code: str) -> QuerySet[Asset]:
    """SQLite cannot ask a list for its members; the code between its quotes is found by both databases."""
    return rows.filter(data__icontains=f'"{_choice("data", code, [one.value for one in Data])}"')


def _by_restore(rows: QuerySet[Asset], code: str) -> QuerySet[Asset]:
    limit = clock.now().date() - STALE
    wanted = {
        "proven": Q(restored_on__gte=limit),
        "stale": Q(restored_on__lt=limit),
        "never": Q(restored_on__isnull=True),
    }
    return rows.filter(wanted[_choice("restore", code, list(wanted))])


def _by_state(rows: QuerySet[Asset], code: str) -> QuerySet[Asset]:
    wanted = {"used": Q(retired_at__isnull=True), "retired": Q(retired_at__isnull=False), "all": Q()}
    return rows.filter(wanted[_choice("state", code, list(wanted))])


_FILTERS: Final[Mapping[str, Callable[[QuerySet[Asset], str], QuerySet[Asset]]]] = {
    "kind": _by_kind,
    "data": _by_data,
    "restore": _by_restore,
    "state": _by_state,
}


def asset(by: Actor, uuid: UUID) -> Asset:
    """Raises NotFound."""
    found = visible(by).select_related("owner", "team", "organisation").filter(uuid=uuid).first()
    if found is None:
        raise NotFound("asset")
    return found


def choices(by: Actor, *, q: str = "", without: Collection[UUID] = (), most: int = OFFERED) -> list[Asset]:
    """Assets in use to choose from, the gravest first: those the words find. Raises Invalid."""
    rows = visible(by).filter(retired_at__isnull=True).exclude(uuid__in=list(without))
    for word in sought(folded(q)):
        rows = rows.filter(words__contains=word)
    return list(rows.select_related("organisation").order_by(*ORDERS["criticality"])[:most])


def nameable(by: Actor) -> QuerySet[Asset]:
    """Assets in use that whoever reports may name: public services, and what they see anyway."""
    seen = visible(by).order_by().values("pk")
    rows = Asset.objects.filter(Q(public=True) | Q(pk__in=seen)) if by.person_id is not None else _public()
    return rows.filter(retired_at__isnull=True).select_related("organisation").order_by(*ORDERS["criticality"])


def _public() -> QuerySet[Asset]:
    return Asset.objects.filter(public=True)


def with_belongings(rows: QuerySet[Asset]) -> QuerySet[Asset]:
    """With what ``given`` reads of other tables, and nothing else of them: for many rows at once."""
    needs = Asset.objects.only("uuid", "called", "number", "organisation_id")
    return rows.prefetch_related(
        Prefetch("identifiers", Identifier.objects.only("asset_id", "type", "value")),
        Prefetch("needing", Dependency.objects.prefetch_related(Prefetch("needs", needs))),
    )


def given(row: Asset) -> Particulars:
    """What stands there now, as it would be stated anew. Rows of what belongs to it should have been fetched."""
    kept = {*details.PLAIN, "name", "criticality", "public"}
    plain = {name: getattr(row, name) for name in FIELDS if name in kept}
    return Particulars(
        **{**plain, "data": tuple(Data(one) for one in row.data)},
        kind=Kind(row.kind),
        owner=row.owner.uuid if row.owner else None,
        team=row.team.uuid if row.team else None,
        identifiers=tuple(sorted(details.identifiers_of(row))),
        needs=tuple(sorted(one.needs.uuid for one in row.needing.all())),
    )


def particulars(by: Actor, uuid: UUID) -> Particulars:
    """Raises NotFound."""
    return given(asset(by, uuid))
