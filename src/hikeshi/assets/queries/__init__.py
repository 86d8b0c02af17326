"""What may be read of assets. Every answer is bounded by the reader's organisations."""

from hikeshi.accounts.models import ImportState, Organisation
from hikeshi.assets.models import Asset, Import
from hikeshi.assets.queries.exporting import rows
from hikeshi.assets.queries.lists import ORDERS, asset, assets, choices, given, nameable, particulars
from hikeshi.assets.queries.matching import Hit, hits
from hikeshi.assets.queries.page import Page, page, possibly_affected
from hikeshi.assets.queries.planning import (
    LOOKED_AT,
    Brought,
    Draft,
    brought,
    called,
    imported,
    kept,
    plan,
)
from hikeshi.assets.queries.visibility import visible

__all__ = [
    "LOOKED_AT",
    "ORDERS",
    "Asset",
    "Brought",
    "Draft",
    "Hit",
    "Import",
    "ImportState",
    "Organisation",
    "Page",
    "asset",
    "assets",
    "brought",
    "called",
    "choices",
    "given",
    "hits",
    "imported",
    "kept",
    "nameable",
    "page",
    "particulars",
    "plan",
    "possibly_affected",
    "rows",
    "visible",
]
