"""The verbs of load. The only writer of this domain's rows."""

from hikeshi.load.actions.assigning import assign_again, assign_automatically
from hikeshi.load.actions.handing import hand_over
from hikeshi.load.actions.profiles import set_profile
from hikeshi.load.actions.reminding import remind_of_load, suggest_owners
from hikeshi.load.actions.settings import (
    RuleDraft,
    add_rule,
    change_rule,
    order_rules,
    remove_rule,
    set_limits,
    set_skills,
    switch_automatic,
    switch_rule,
)

__all__ = [
    "RuleDraft",
    "add_rule",
    "assign_again",
    "assign_automatically",
    "change_rule",
    "hand_over",
    "order_rules",
    "remind_of_load",
    "remove_rule",
    "set_limits",
    "set_profile",
    "set_skills",
    "suggest_owners",
    "switch_automatic",
    "switch_rule",
]
