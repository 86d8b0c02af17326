"""Cells that a spreadsheet would run instead of show (CSV injection, CWE-1236)."""

from typing import Final

# Full-width signs too: a Japanese Excel takes them for the narrow ones.
_RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARD: Final = "'"
FORMULA: Final = ("=", "＝")


def guarded(text: str) -> str:
    """With an apostrophe before what would run, as spreadsheets themselves write a text that only looks so."""
    return _GUARD + text if text.startswith(_RUNS) or text.lstrip().startswith(_RUNS) else text


def bared(text: str) -> str:
    """The text again: what was written out guarded comes back as it was."""
    rest = text.removeprefix(_GUARD)
    return rest if rest != text and guarded(rest) == text else text


def is_formula(text: str) -> bool:
    return text.lstrip().startswith(FORMULA)
