"""Signs of life of the engine's loops. In the inbox's file on SQLite: a beat never waits for people's writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from hikeshi.intake.inbox import tables
from hikeshi.intake.inbox.models import Beat
from hikeshi.kernel.clock import now

EVERY: Final = timedelta(seconds=5)
LATE: Final = timedelta(seconds=60)
"""A round may take long on a machine that is behind; a process that died is started again much sooner than this."""


@dataclass(frozen=True, slots=True)
class Pulse:
    loop: str
    at: datetime  # the last step that ended well
    error: str  # of the last step, "" where it ended well

    @property
    def late(self) -> bool:
        return now() - self.at > LATE


def beat(ended_well: Mapping[str, datetime], errors: Mapping[str, str]) -> None:
    """Writes each loop's last good step and its present error."""
    with transaction.atomic(using=tables.alias()):
        for loop, at in ended_well.items():
            Beat.objects.using(tables.alias()).update_or_create(
                loop=loop, defaults={"at": at, "error": errors.get(loop, "")[:500]}
            )


def pulses() -> list[Pulse]:
    rows = Beat.objects.using(tables.alias()).order_by("loop").values_list("loop", "at", "error")
    return [Pulse(*row) for row in rows]
