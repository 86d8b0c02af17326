"""What a reader of one kind of file hands on."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lines:
    """Cells as text, each line with its number in the file."""

    lines: Iterable[tuple[int, list[str]]]
    encoding: str
    sheet: str = ""
