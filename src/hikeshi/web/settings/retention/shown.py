"""A category of data as a page shows it, in the reader's language."""

from dataclasses import dataclass

from hikeshi.retention.queries import Kept


@dataclass(frozen=True, slots=True)
class Line:
    """``least``: what asks for longer, of those it applies to."""

    kept: Kept
    name: str
    why: str
    counted: str
    least: str


def line(kept: Kept, language: str) -> Line:
    category = kept.category
    least = category.least.source(language) if category.least else ""
    return Line(kept, category.name(language), category.why(language), category.counted(language), least)
