"""The verbs of retention, by noun. Everybody else imports them from here."""

from hikeshi.retention.actions.holds import lift_hold, place_hold
from hikeshi.retention.actions.periods import set_period
from hikeshi.retention.actions.purging import take_step

__all__ = ["lift_hold", "place_hold", "set_period", "take_step"]
