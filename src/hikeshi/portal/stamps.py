"""The stamp of a form: which one it is and when it was shown, signed, so that robots cannot make their own.

A form is good for a day. One that comes back within two seconds was filled in by no person; it is shown again, as it
was, and may be sent again. Its number makes one report of it, however often it is posted.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.core import signing

from hikeshi.kernel import clock

SALT: Final = "hikeshi.report-form"
GOOD_FOR: Final = timedelta(days=1)
FASTEST: Final = timedelta(seconds=2)


class Flaw(StrEnum):
    FORGED = "forged"
    OLD = "old"
    FAST = "fast"


@dataclass(frozen=True, slots=True)
class Stamp:
    number: str
    shown_at: datetime

    def flaw(self) -> Flaw | None:
        age = clock.now() - self.shown_at
        if age > GOOD_FOR:
            return Flaw.OLD
        return Flaw.FAST if age < FASTEST else None


def fresh() -> str:
    return signing.dumps([secrets.token_hex(16), int(clock.now().timestamp())], salt=SALT)


def read(text: str) -> Stamp | None:
    """None where it was never ours."""
    try:
        number, shown = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Stamp(str(number), datetime.fromtimestamp(int(shown), UTC))
