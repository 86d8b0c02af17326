"""Assets are added, changed, retired and taken up again."""

from collections.abc import Collection, Iterator
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.assets import facts
from hikeshi.assets.actions import writing
from hikeshi.assets.models import Asset
from hikeshi.assets.particulars import FIELDS, Particulars, checked
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries.lists import given
from hikeshi.assets.queries.visibility import visible
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.conflicts import clash
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.kernel.texts import folded
from hikeshi.ledger.acts import action


@action
def add_asset(*, by: Actor, organisation: UUID, particulars: Particulars) -> Asset:
    """Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = accounts.organisation(by, organisation, Verb.MANAGE)
    said = checked(particulars, today=clock.now().date())
    writing.must_be_free(place, said)

    (added,) = writing.add(by, place, [said])
    return added


@action
def edit_asset(
    *,
    by: Actor,
    asset: UUID,
    particulars: Particulars,
    only: Collection[str] = FIELDS,
    version: int | None = None,
) -> Asset:
    """States the fields named by ``only`` anew; the others stay. Raises NotFound, NotAllowed, Invalid, Conflict."""
    held = hold(by, asset)
    before = given(held)
    fields = {name: getattr(particulars if name in only else before, name) for name in FIELDS}
    fields["needs"] = (*fields["needs"], *_unseen_needs(by, before))
    said = checked(Particulars(**fields), today=clock.now().date())
    changed = tuple(name for name in FIELDS if getattr(said, name) != getattr(before, name))
    _unseen(held, before, said, changed, version)
    writing.must_be_free(held.organisation, said, but=held)
    if changed:
        writing.change(by, [writing.Change(held, said, changed)])
    return held


def _unseen_needs(by: Actor, before: Particulars) -> Iterator[UUID]:
    """What the actor does not see it needs, they cannot have meant to take away."""
    if before.needs:
        seen = set(visible(by).filter(uuid__in=before.needs).values_list("uuid", flat=True))
        yield from (uuid for uuid in before.needs if uuid not in seen)


def hold(by: Actor, asset: UUID) -> Asset:
    """The asset, locked until the act is over. Raises NotFound where the actor does not see it, then NotAllowed."""
    rows = visible(by).select_for_update(of=("self",)).select_related("owner", "team", "organisation")
    found = rows.filter(uuid=asset).first()
    if found is None:
        by.must(Verb.VIEW)
        raise NotFound("asset")
    by.must(Verb.MANAGE, found.organisation_id)
    return found


def _unseen(held: Asset, before: Particulars, said: Particulars, changed: Collection[str], version: int | None) -> None:
    """Raises Conflict where somebody changed one of these fields since ``version`` to something else."""
    differ = clash(
        yours={name: shown(getattr(said, name)) for name in changed},
        current={name: shown(getattr(before, name)) for name in changed},
        changed_at=held.changed_at,
        version=version,
    )
    if differ is not None:
        raise Conflict(yours=differ.yours, theirs=differ.theirs, version=held.version)


def shown(value: object) -> str:
    """A field's value as the two sides of a conflict are compared."""
    if isinstance(value, tuple):
        return "\n".join(str(getattr(one, "value", one)) for one in value)
    return "" if value is None else str(value)


@action
def retire_asset(*, by: Actor, asset: UUID) -> Asset:
    """Out of use: no alert is matched to it any more. Doing it twice does it once. Raises NotFound, NotAllowed."""
    held = hold(by, asset)
    if held.retired_at is None:
        held.retired_at = clock.now()
        writing.save([(held, ("retired_at",))])
        writing.tell(by, [(held, facts.AssetRetired(asset=held.uuid))])
    return held


@action
def take_up_asset(*, by: Actor, asset: UUID) -> Asset:
    """In use again. Raises NotFound, NotAllowed, Invalid where another has its name or number by now."""
    held = hold(by, asset)
    if held.retired_at is None:
        return held
    taken = Asset.objects.filter(organisation=held.organisation, retired_at__isnull=True)
    if taken.filter(called=folded(held.name)).exists():
        raise Invalid("name", "taken")
    if held.number and taken.filter(number=held.number).exists():
        raise Invalid("number", "number_taken")

    held.retired_at = None
    writing.save([(held, ("retired_at",))])
    writing.tell(by, [(held, facts.AssetTakenUp(asset=held.uuid))])
    return held
