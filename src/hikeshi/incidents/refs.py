"""Public references: INC-2026-0001. Drills and demonstrations count apart, so that nobody takes one for real. Pure."""

import re
import unicodedata

from hikeshi.kernel.worlds import World

PREFIXES = {World.REAL: "INC", World.DRILL: "DRL", World.DEMO: "DEM"}
FORM = re.compile(r"(INC|DRL|DEM)-(\d{4})-(\d{4,9})")


def form(world: World, year: int, number: int) -> str:
    return f"{PREFIXES[world]}-{year:04d}-{number:04d}"


def tidy(text: str) -> str:
    """A reference as people type or paste it: any case, full-width letters, stray blanks. Empty if it is none."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    return plain if FORM.fullmatch(plain) else ""
