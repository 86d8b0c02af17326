from collections.abc import Mapping
from datetime import timedelta
from math import ceil

from hikeshi.kernel.refusals import Refusal


class Wait(Refusal):
    """Too many tries; the next one is weighed in ``seconds``."""

    code = "wait"

    def __init__(self, left: timedelta) -> None:
        super().__init__(left)
        self.seconds = max(1, ceil(left.total_seconds()))

    @property
    def fields(self) -> Mapping[str, str]:
        return {"seconds": str(self.seconds)}
