"""What a decision that is asked for, and a sum of money, must look like. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from hikeshi.kernel.refusals import Invalid

OPTIONS: Final = range(2, 7)
LONGEST: Final = 300
MOST: Final = Decimal(10) ** 13
CENT: Final = Decimal("0.01")


def content(question: str, options: Sequence[str]) -> str:
    """All of it as one text, for the commitment in the ledger."""
    return msgspec.json.encode([question, *options]).decode()


def answers(options: Sequence[str]) -> list[str]:
    """What can be answered, each once. Raises Invalid."""
    found = list(dict.fromkeys(one.strip() for one in options if one.strip()))
    if len(found) not in OPTIONS:
        raise Invalid("options", "out_of_range", low=OPTIONS.start, high=OPTIONS.stop - 1)
    if any(len(one) > LONGEST for one in found):
        raise Invalid("options", "too_long", limit=LONGEST)
    return found


def amount(said: Decimal) -> Decimal:
    """Raises Invalid."""
    if not said.is_finite() or not 0 <= said < MOST:
        raise Invalid("amount", "out_of_range", low=0, high=int(MOST))
    return said.quantize(CENT)
