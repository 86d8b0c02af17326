"""The verbs of assets. The only writer of this domain's rows."""

from hikeshi.assets.actions.importing import (
    carry_out_import,
    continue_imports,
    forget_imports,
    is_importing,
    prepare_import,
)
from hikeshi.assets.actions.keeping import add_asset, edit_asset, retire_asset, take_up_asset

__all__ = [
    "add_asset",
    "carry_out_import",
    "continue_imports",
    "edit_asset",
    "forget_imports",
    "is_importing",
    "prepare_import",
    "retire_asset",
    "take_up_asset",
]
