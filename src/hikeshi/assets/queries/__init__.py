"""What may be read of assets. Every answer is bounded by the reader's organisations."""

from hikeshi.assets.models import Asset, Import, ImportState
from hikeshi.assets.queries.lists import ORDERS, asset, assets, choices, given, particulars
from hikeshi.assets.queries.matching import Hit, hits
from hikeshi.assets.queries.page import Page, page, possibly_affected
from hikeshi.assets.queries.planning import Brought, Draft, brought, imported, is_importing, kept, plan
from hikeshi.assets.queries.visibility import visible

__all__ = [
    "ORDERS",
    "Asset",
    "Brought",
    "Draft",
    "Hit",
    "Import",
    "ImportState",
    "Page",
    "asset",
    "assets",
    "brought",
    "choices",
    "given",
    "hits",
    "imported",
    "is_importing",
    "kept",
    "page",
    "particulars",
    "plan",
    "possibly_affected",
    "visible",
]
