"""What can be done to many records in one go. Pure."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final

from hikeshi.kernel.facts import JSON
from hikeshi.kernel.refusals import Invalid

MOST: Final = 200


class Deed(StrEnum):
    OWNER = "owner"
    PRIORITY = "priority"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """``owner``: a uuid, empty for nobody. Of the levels, what is None stays. A note can not be undone."""

    deed: Deed
    owner: str = ""
    impact: int | None = None
    effect: int | None = None
    urgency: int | None = None
    reason: str = ""
    text: str = ""

    @property
    def kept(self) -> dict[str, JSON]:
        """As it is kept: without the words, which stand in the records."""
        return {name: value for name, value in asdict(self).items() if name not in {"reason", "text"}}


def wanted(refs: list[str]) -> list[str]:
    """Each once. Raises Invalid for none, or too many."""
    found = list(dict.fromkeys(refs))
    if not found:
        raise Invalid("refs", "required")
    if len(found) > MOST:
        raise Invalid("refs", "too_many", limit=MOST)
    return found
