"""How an asset's rows are written and told of, one or five hundred at once."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation, Person, Team
from hikeshi.assets import details, facts
from hikeshi.assets.models import Asset, Dependency, Identifier
from hikeshi.assets.particulars import Particulars
from hikeshi.assets.queries.visibility import visible
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact, commit
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import folded
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import record

TOPICS = ("assets",)
BATCH: Final = 500
_FOLLOWING: Final = ("called", "words")
"""Columns made of others: of the name; of all that it is found by."""
_ELSEWHERE: Final = ("identifiers", "needs")
"""Fields with rows of their own."""


def must_be_free(place: Organisation, said: Particulars, *, but: Asset | None = None) -> None:
    """Raises Invalid."""
    if but is not None and but.retired_at is not None:
        return
    taken = Asset.objects.filter(organisation=place, retired_at__isnull=True).exclude(pk=but.pk if but else 0)
    if taken.filter(called=folded(said.name)).exists():
        raise Invalid("name", "taken")
    if said.number and taken.filter(number=said.number).exists():
        raise Invalid("number", "number_taken")


def add(by: Actor, place: Organisation, given: Sequence[Particulars]) -> list[Asset]:
    """New assets; whoever calls has checked what goes in. Raises NotFound for an owner, team or asset nobody sees."""
    people, teams = _people(by, given), _teams(by, given)
    assets = []
    for said in given:
        row = Asset(organisation=place, kind=said.kind, **_columns(said))
        row.owner = people[said.owner] if said.owner else None
        row.team = teams[said.team] if said.team else None
        assets.append(row)
    Asset.objects.bulk_create(assets, batch_size=BATCH)
    pairs = list(zip(assets, given, strict=True))
    Identifier.objects.bulk_create([one for pair in pairs for one in _identifiers(*pair)], batch_size=BATCH)
    needed = needed_assets(by, [uuid for said in given for uuid in said.needs])
    wanted = [Dependency(asset=row, needs=needed[uuid]) for row, said in pairs for uuid in said.needs]
    Dependency.objects.bulk_create(wanted, batch_size=BATCH)
    tell(by, [(row, facts.AssetAdded(asset=row.uuid, stated=stated(row, said))) for row, said in pairs])
    return assets


@dataclass(frozen=True, slots=True)
class Change:
    """``fields`` of the row become what is ``said``; the others stay. The row was fetched with its organisation, its
    owner and its team.
    """

    row: Asset
    said: Particulars
    fields: Collection[str]


def change(by: Actor, changes: Sequence[Change]) -> None:
    """Raises NotFound, Invalid."""
    was = [one.row.criticality for one in changes]
    people = _people(by, [one.said for one in changes if "owner" in one.fields])
    teams = _teams(by, [one.said for one in changes if "team" in one.fields])
    for one in changes:
        if one.row.uuid in one.said.needs:
            raise Invalid("needs", "needs_itself")
        _take(one, people, teams)
    save([(one.row, one.fields) for one in changes])
    _name([one for one in changes if {"identifiers", "name"} & set(one.fields)])
    _rewire(by, [one for one in changes if "needs" in one.fields])
    tell(by, [(one.row, _changed(one, before)) for one, before in zip(changes, was, strict=True)])


def _changed(one: Change, criticality_was: int) -> facts.AssetChanged:
    return facts.AssetChanged(
        asset=one.row.uuid,
        stated=stated(one.row, one.said),
        fields=tuple(sorted(one.fields)),
        criticality_was=criticality_was,
    )


def _take(one: Change, people: Mapping[UUID, Person], teams: Mapping[UUID, Team]) -> None:
    columns = {name: value for name, value in _columns(one.said).items() if name in one.fields or name in _FOLLOWING}
    for name, value in columns.items():
        setattr(one.row, name, value)
    if "kind" in one.fields:
        one.row.kind = one.said.kind.value
    if "owner" in one.fields:
        one.row.owner = people[one.said.owner] if one.said.owner else None
    if "team" in one.fields:
        one.row.team = teams[one.said.team] if one.said.team else None


def _name(changes: Sequence[Change]) -> None:
    Identifier.objects.filter(asset__in=[one.row.pk for one in changes]).delete()
    new = [identifier for one in changes for identifier in _identifiers(one.row, one.said)]
    Identifier.objects.bulk_create(new, batch_size=BATCH)


def _rewire(by: Actor, changes: Sequence[Change]) -> None:
    """What the actor does not see of it stays out of the question: a need not shown cannot be taken away."""
    held: dict[tuple[int, UUID], int] = {}
    for one in Dependency.objects.filter(asset__in=[one.row.pk for one in changes]).select_related("needs"):
        held[one.asset_id, one.needs.uuid] = one.pk
    wanted = {(one.row.pk, uuid): one.row for one in changes for uuid in one.said.needs}
    needed = needed_assets(by, [uuid for _, uuid in wanted.keys() - held.keys()])
    Dependency.objects.filter(pk__in=[number for key, number in held.items() if key not in wanted]).delete()
    new = [Dependency(asset=row, needs=needed[key[1]]) for key, row in wanted.items() if key not in held]
    Dependency.objects.bulk_create(new, batch_size=BATCH)


def save(rows: Sequence[tuple[Asset, Collection[str]]]) -> None:
    """Rows whose columns have been set, each with the fields that changed: one statement for many, held by the caller
    against others.
    """
    at, columns = clock.now(), set(_FOLLOWING) | {"version", "updated_at", "changed_at"}
    for row, changed in rows:
        row.version += 1
        row.updated_at = at
        row.changed_at = {**row.changed_at, **dict.fromkeys(changed, row.version)}
        columns |= {name for name in changed if name not in _ELSEWHERE}
    Asset.objects.bulk_create(
        [row for row, _ in rows],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=sorted(columns),
        batch_size=BATCH,
    )


def stated(row: Asset, said: Particulars) -> facts.Stated:
    text = details.text(row, said.identifiers, [str(one) for one in said.needs])
    return facts.Stated(
        organisation=row.organisation.uuid,
        kind=row.kind,
        criticality=row.criticality,
        owner=f"person:{row.owner.uuid}" if row.owner else "",
        name=commit(row.name, row.secret),
        details=commit(text, row.secret),
    )


def tell(by: Actor, told: Iterable[tuple[Asset, Fact]]) -> None:
    world = World(accounts.site().world)
    for row, fact in told:
        record(fact, subject=row.subject, by=by, world=world, topics=TOPICS)


def _columns(said: Particulars) -> dict[str, object]:
    plain = {name: getattr(said, name) for name in (*details.PLAIN, "name", "criticality", "public")}
    named = [said.name, said.number, said.place, *(one.value for one in said.identifiers)]
    return {
        **plain,
        "data": [one.value for one in said.data],
        "called": folded(said.name),
        "words": " ".join(folded(one) for one in named if one)[:20_000],
    }


def _identifiers(row: Asset, said: Particulars) -> list[Identifier]:
    own = Identifier(asset=row, value=said.name, key=f"called:{folded(said.name)}"[:540])
    return [own, *(Identifier(asset=row, type=one.type, value=one.value, key=one.key) for one in said.identifiers)]


def _people(by: Actor, given: Sequence[Particulars]) -> Mapping[UUID, Person]:
    wanted = {said.owner for said in given if said.owner}
    found = {one.uuid: one for one in accounts.people(by).filter(uuid__in=wanted)} if wanted else {}
    if wanted - found.keys():
        raise NotFound("person")
    return found


def _teams(by: Actor, given: Sequence[Particulars]) -> Mapping[UUID, Team]:
    wanted = {said.team for said in given if said.team}
    found = {one.uuid: one for one in accounts.teams(by).filter(uuid__in=wanted)} if wanted else {}
    if wanted - found.keys():
        raise NotFound("team")
    return found


def needed_assets(by: Actor, needs: Sequence[UUID]) -> Mapping[UUID, Asset]:
    """Raises NotFound."""
    wanted = set(needs)
    found = {one.uuid: one for one in visible(by).filter(uuid__in=wanted)} if wanted else {}
    if wanted - found.keys():
        raise NotFound("asset")
    return found
