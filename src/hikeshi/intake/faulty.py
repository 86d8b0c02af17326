"""A rule that fails on an alert, or takes too long over it, says nothing of it and holds nobody up. Pure."""

import logging
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Final

from hikeshi.intake.field_values import Document

SECONDS: Final = 0.25
"""Of the processor, for one rule and one alert."""
log = logging.getLogger(__name__)


class Fault(StrEnum):
    ERROR = "error"
    SLOW = "slow"


class Asking:
    """Asks tests, and keeps which of them were at fault; those are asked no more."""

    def __init__(self) -> None:
        self.faults: dict[str, Fault] = {}

    def holds(self, code: str, test: Callable[[Document], bool], normal: Document) -> bool:
        if code in self.faults:
            return False
        began = time.perf_counter()
        try:
            found = test(normal)
        except Exception:  # logged, and told to whoever answers for the rule
            log.exception("the rule %s failed on an alert; it is switched off", code)
            self.faults[code] = Fault.ERROR
            return False
        if time.perf_counter() - began > SECONDS and _slow(test, normal):
            log.error("the rule %s took too long over an alert; it is switched off", code)
            self.faults[code] = Fault.SLOW
        return found


def _slow(test: Callable[[Document], bool], normal: Document) -> bool:
    """Once more, by the processor's time: others may have held it up the first time."""
    began = time.thread_time()
    test(normal)
    return time.thread_time() - began > SECONDS
