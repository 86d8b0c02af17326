"""What the machine door hands to the digest: bodies as they came, and what the door knew of them."""

from datetime import datetime
from uuid import UUID

import msgspec

from hikeshi.kernel.worlds import World


# A struct and not a dataclass: one is made per request, and msgspec makes them six times faster.
class InboxItem(msgspec.Struct, frozen=True):
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
