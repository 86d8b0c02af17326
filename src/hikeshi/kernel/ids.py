"""Public identifiers."""

import secrets
import time
import uuid
from collections.abc import Callable


def uuid7(draw: Callable[[int], int] = secrets.randbits) -> uuid.UUID:
    """A UUIDv7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits; new ones sort after old ones.

    ``draw`` gives that many random bits.
    """
    milliseconds = time.time_ns() // 1_000_000
    rest = draw(74)
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | (rest >> 62) << 64 | 0b10 << 62 | rest & (1 << 62) - 1
    return uuid.UUID(int=value)
