"""Assets for tests, built by the product's own verbs."""

from hikeshi.accounts.models import Organisation
from hikeshi.assets import actions
from hikeshi.assets.codes import IdentifierType
from hikeshi.assets.identifiers import Identifier
from hikeshi.assets.models import Asset
from hikeshi.assets.particulars import Particulars
from hikeshi.kernel.acting import Actor
from tests import world


def named(*values: str, type_: IdentifierType = IdentifierType.NAME) -> tuple[Identifier, ...]:
    return tuple(Identifier(type_, value) for value in values)


def added(name: str = "顧客DB", *, by: Actor | None = None, at: Organisation | None = None, **stated: object) -> Asset:
    place = at or world.site()
    return actions.add_asset(
        by=by or world.admin(), organisation=place.uuid, particulars=Particulars(name=name, **stated)
    )


def fresh(asset: Asset) -> Asset:
    return Asset.objects.get(pk=asset.pk)
