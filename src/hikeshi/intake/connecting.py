"""How each product is told to send its alerts here: short steps in both languages, kept as data beside its mapping or,
of the first ones, together. Pure.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

import yaml

from hikeshi.intake.sources import book

T = TypeVar("T", str, Mapping[str, str])


def steps(code: str, language: str) -> str:
    """Markdown; ``{url}`` stands for the address alerts go to, ``{desk}`` for the desk's own, ``{scheme}`` and
    ``{host}`` for that in two. Empty for a product the site mapped itself.
    """
    return _texts().get(code, {}).get(language[:2], "")


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    together: dict[str, Mapping[str, str]] = _read(book.FOLDER / "connect.yaml")
    return {**together, **{file.parent.name: _read(file) for file in book.FOLDER.glob("*/connect.yaml")}}


def _read(file: Path) -> dict[str, T]:
    found: dict[str, T] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return found
