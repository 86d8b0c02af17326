"""The verbs of service levels. The only writer of this domain's rows."""

from hikeshi.service_levels.actions.nudging import tell_of_stuck
from hikeshi.service_levels.actions.passing import act_on_passing
from hikeshi.service_levels.actions.reckoning import forget_clocks, reckon_clocks
from hikeshi.service_levels.actions.targets import (
    Draft,
    add_target,
    change_target,
    order_targets,
    remove_target,
    renew_clocks,
    set_stuck_limits,
    switch_target,
)
from hikeshi.service_levels.actions.watching import watch_clocks

__all__ = [
    "Draft",
    "act_on_passing",
    "add_target",
    "change_target",
    "forget_clocks",
    "order_targets",
    "reckon_clocks",
    "remove_target",
    "renew_clocks",
    "set_stuck_limits",
    "switch_target",
    "tell_of_stuck",
    "watch_clocks",
]
