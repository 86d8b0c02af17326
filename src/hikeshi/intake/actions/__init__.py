"""Verbs of intake."""

from hikeshi.intake.actions.cases import correct_verdict, link_case
from hikeshi.intake.actions.parking import dismiss_parked, park, replay
from hikeshi.intake.actions.receipts import purge_receipts

__all__ = ["correct_verdict", "dismiss_parked", "link_case", "park", "purge_receipts", "replay"]
