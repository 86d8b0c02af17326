"""The guide, as it stands in docs/guide: a folder of Markdown for each language. A wheel carries a copy beside this."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from hikeshi.kernel.refusals import NotFound

CARRIED: Final = Path(__file__).resolve().parent / "guide"
CHECKOUT: Final = Path(__file__).resolve().parents[4] / "docs" / "guide"
FIRST: Final = "README"
_TO_PAGE: Final = re.compile(r"\]\(([a-z][a-z-]*)\.md\)")
_TO_FILE: Final = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*/[^)]*\)")
_HEAD: Final = re.compile(r"\A# (.+)\n+")


@dataclass(frozen=True, slots=True)
class Page:
    """``name`` is empty for the first one."""

    name: str
    title: str
    text: str


@cache
def pages(language: str) -> Mapping[str, Page]:
    """By name, in the order in which the first one lists them; English where the language has no guide."""
    folder = (CARRIED if CARRIED.is_dir() else CHECKOUT) / language
    if not folder.is_dir():
        return pages("en")
    first = _read(folder / f"{FIRST}.md", "")
    named = re.findall(r"^\d+\. \[[^\]]+\]\(([a-z-]+)\.md\)", (folder / f"{FIRST}.md").read_text("utf-8"), re.MULTILINE)
    return {"": first, **{name: _read(folder / f"{name}.md", name) for name in named}}


def page(language: str, name: str) -> Page:
    """Raises NotFound."""
    found = pages(language).get(name)
    if found is None:
        raise NotFound("page")
    return found


def _read(file: Path, name: str) -> Page:
    """Links from page to page work here as they do on disk; what lies outside the guide is named, not linked."""
    text = file.read_text(encoding="utf-8")
    head = _HEAD.match(text)
    if head is None:
        raise ValueError(f"{file} has no title")
    body = _TO_FILE.sub(r"\1", text[head.end() :])
    return Page(name, head[1], _TO_PAGE.sub(r"](\1)", body))
