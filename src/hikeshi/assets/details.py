"""Everything a fact of an asset commits to besides its name, as one text."""

from collections.abc import Iterable

import msgspec

from hikeshi.assets.codes import IdentifierType
from hikeshi.assets.identifiers import Identifier
from hikeshi.assets.models import Asset

PLAIN = (
    "number", "place", "data", "persons", "rto", "rpo", "minimum_level", "substitute", "restored_on", "restored_by",
    "restore_note", "note",
)  # fmt: skip


def text(asset: Asset, identifiers: Iterable[Identifier], needs: Iterable[str]) -> str:
    """Canonical JSON. The team is left out: one that is dissolved leaves its assets without a word of theirs. Of what
    is not public nothing is said, as before there was such a mark.
    """
    said: dict[str, object] = {name: getattr(asset, name) for name in PLAIN}
    said["identifiers"] = sorted([one.type.value, one.value] for one in identifiers)
    said["needs"] = sorted(needs)
    if asset.public:
        said["public"] = True
    return msgspec.json.encode(said, order="deterministic").decode()


def identifiers_of(asset: Asset) -> list[Identifier]:
    """Those people gave it, from the rows that were fetched with it."""
    found = asset.identifiers.all()
    return [Identifier(IdentifierType(one.type), one.value) for one in found if one.type]


def needs_of(asset: Asset) -> list[str]:
    return [str(one.needs.uuid) for one in asset.needing.all()]
