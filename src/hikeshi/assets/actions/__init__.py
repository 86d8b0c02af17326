"""The verbs of assets. The only writer of this domain's rows."""

from hikeshi.assets.actions.importing import (
    carry_out_import,
    continue_imports,
    forget_imports,
    is_importing,
    prepare_import,
)
from hikeshi.assets.actions.intelligence import (
    add_indicators,
    begin_indicators,
    finish_indicators,
    forget_indicators,
    load_catalogue,
    remove_indicator,
    remove_indicators,
)
from hikeshi.assets.actions.keeping import add_asset, edit_asset, retire_asset, take_up_asset
from hikeshi.assets.actions.taking import (
    bring_indicators,
    continue_indicators,
    forget_indicator_files,
    is_taking_indicators,
)

__all__ = [
    "add_asset",
    "add_indicators",
    "begin_indicators",
    "bring_indicators",
    "carry_out_import",
    "continue_imports",
    "continue_indicators",
    "edit_asset",
    "finish_indicators",
    "forget_imports",
    "forget_indicator_files",
    "forget_indicators",
    "is_importing",
    "is_taking_indicators",
    "load_catalogue",
    "prepare_import",
    "remove_indicator",
    "remove_indicators",
    "retire_asset",
    "take_up_asset",
]
