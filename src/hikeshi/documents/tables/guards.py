"""Cells that a spreadsheet would run instead of show (CSV injection, CWE-1236; OWASP's rule on it)."""

import re
from typing import Final

# Full-width signs too: a Japanese Excel takes them for the narrow ones.
_SIGNS: Final = r"=+\-@＝＋－＠"
_GUARD: Final = "'"
_RUNS: Final = re.compile(rf"^(?=\s*[{_SIGNS}]|[\t\r\n])")
_RUNS_INSIDE: Final = re.compile(rf"([;\t\r\n])(?=[^\S\r\n]*[{_SIGNS}])")
_GUARDED_INSIDE: Final = re.compile(rf"([;\t\r\n]){_GUARD}(?=[^\S\r\n]*[{_SIGNS}])")
FORMULA: Final = ("=", "＝")


def guarded(text: str) -> str:
    """With an apostrophe before what would run, as spreadsheets themselves write a text that only looks so."""
    return _RUNS.sub(_GUARD, text, count=1)


def guarded_throughout(text: str) -> str:
    """For files of lines: what stands behind a semicolon, a tab or a break becomes a cell of its own in a spreadsheet
    that takes those for the end of one, as in much of Europe, whether the text is quoted or not.
    """
    return guarded(_RUNS_INSIDE.sub(rf"\1{_GUARD}", text))


def bared(text: str) -> str:
    """The text again: what was written out guarded comes back as it was."""
    inside = _GUARDED_INSIDE.sub(r"\1", text)
    for rest in (inside.removeprefix(_GUARD), inside, text.removeprefix(_GUARD)):
        if rest != text and text in {guarded(rest), guarded_throughout(rest)}:
            return rest
    return text


def is_formula(text: str) -> bool:
    return text.lstrip().startswith(FORMULA)
