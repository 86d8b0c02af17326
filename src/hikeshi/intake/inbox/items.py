"""What the machine door hands to the digest: bodies as they came, and what the door knew of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.kernel.worlds import World


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One accepted request. ``body`` is as sent, only its Content-Encoding undone; it may hold many alerts.

    ``alerts`` is how many the door counted, with ``hikeshi.intake.framing.alerts_in``.
    """

    receipt: UUID
    source: str
    organisation_id: int
    body: bytes
    content_type: str
    received_at: datetime
    world: World
    alerts: int
