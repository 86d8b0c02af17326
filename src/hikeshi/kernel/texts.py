"""Text from outside: what can be kept, decided once for pages and API alike."""

import re
import unicodedata
from typing import Final

from hikeshi.kernel.refusals import Invalid

SOUGHT: Final = 200
"""Letters of a question to a list, as in the search box."""
# PostgreSQL stores neither; taking them away in silence would change what somebody wrote.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


def folded(text: str) -> str:
    """Two writings of one name meet, whatever their width, case and spaces."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return " ".join(plain.casefold().split())


def sought(text: str, *, field: str = "q") -> list[str]:
    """The words of a question to a list, each once. Raises Invalid where they are more than a person types: each is a
    condition of its own, and a database takes only so many.
    """
    if len(text) > SOUGHT:
        raise Invalid(field, "too_long", limit=SOUGHT)
    return list(dict.fromkeys(text.split()))


def clean(text: str, *, field: str) -> str:
    """The text as it is kept: every machine's line end as a line feed. Raises Invalid for NUL and lone surrogates.

    Everything else is kept, control and direction marks too; surfaces show it escaped and isolated.
    """
    if not storable(text):
        raise Invalid(field, "unstorable_character")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def words(text: str, *, field: str, most: int, required: bool = True) -> str:
    """``clean``, without the blanks around it and no longer than it may be. Raises Invalid."""
    kept = clean(text, field=field).strip()
    if required and not kept:
        raise Invalid(field, "required")
    if len(kept) > most:
        raise Invalid(field, "too_long", limit=most)
    return kept
