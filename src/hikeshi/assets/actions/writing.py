"""How an asset's rows are written and told of, one or five hundred at once."""

from collections.abc import Collection, Mapping, Sequence
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
    Asset.objects.bulk_create(assets, batch_size=500)
    pairs = list(zip(assets, given, strict=True))
    Identifier.objects.bulk_create([one for pair in pairs for one in _identifiers(*pair)], batch_size=500)
    needed = needed_assets(by, [uuid for said in given for uuid in said.needs])
    wanted = [Dependency(asset=row, needs=needed[uuid]) for row, said in pairs for uuid in said.needs]
    Dependency.objects.bulk_create(wanted, batch_size=500)
    for row, said in pairs:
        tell(row, by, facts.AssetAdded(asset=row.uuid, stated=stated(row, said)))
    return assets


def change(by: Actor, row: Asset, said: Particulars, changed: Collection[str]) -> None:
    """Raises NotFound, Invalid."""
    was = row.criticality
    if row.uuid in said.needs:
        raise Invalid("needs", "needs_itself")
    columns = {name: value for name, value in _columns(said).items() if name in changed or name == "words"}
    if "name" in changed:
        columns["called"] = folded(said.name)
    if "kind" in changed:
        columns["kind"] = said.kind.value
    if "owner" in changed:
        columns["owner"] = _people(by, [said])[said.owner] if said.owner else None
    if "team" in changed:
        columns["team"] = _teams(by, [said])[said.team] if said.team else None
    save(row, changed, **columns)
    if {"identifiers", "name"} & set(changed):
        row.identifiers.all().delete()
        Identifier.objects.bulk_create(_identifiers(row, said))
    if "needs" in changed:
        _rewire(by, row, said.needs)
    fact = facts.AssetChanged(
        asset=row.uuid, stated=stated(row, said), fields=tuple(sorted(changed)), criticality_was=was
    )
    tell(row, by, fact)


def _rewire(by: Actor, row: Asset, needs: Collection[UUID]) -> None:
    """What the actor does not see of it stays out of the question: a need not shown cannot be taken away."""
    held = {one.needs.uuid: one for one in Dependency.objects.filter(asset=row).select_related("needs")}
    new = needed_assets(by, [uuid for uuid in needs if uuid not in held])
    gone = [one.pk for uuid, one in held.items() if uuid not in needs]
    Dependency.objects.filter(pk__in=gone).delete()
    Dependency.objects.bulk_create([Dependency(asset=row, needs=one) for one in new.values()])


def save(row: Asset, changed: Collection[str], **columns: object) -> None:
    row.version += 1
    row.updated_at = clock.now()
    row.changed_at = {**row.changed_at, **dict.fromkeys(changed, row.version)}
    for name, value in columns.items():
        setattr(row, name, value)
    row.save(update_fields=["version", "updated_at", "changed_at", *columns])


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


def tell(row: Asset, by: Actor, fact: Fact) -> None:
    record(fact, subject=row.subject, by=by, world=World(accounts.site().world), topics=TOPICS)


def _columns(said: Particulars) -> dict[str, object]:
    plain = {name: getattr(said, name) for name in (*details.PLAIN, "name", "criticality")}
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
