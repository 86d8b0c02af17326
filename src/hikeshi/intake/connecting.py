"""How each product is told to send its alerts here: short steps in both languages, kept as data. Pure."""

from collections.abc import Mapping
from functools import cache

import yaml

from hikeshi.intake.sources import book


def steps(code: str, language: str) -> str:
    """Markdown; ``{url}`` stands for the address alerts go to. Empty for a product the site mapped itself."""
    return _texts().get(code, {}).get(language[:2], "")


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = yaml.load(
        (book.FOLDER / "connect.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return found
