"""The verbs of duty, by noun. The only writer of this domain's rows."""

from hikeshi.oncall.actions.announcing import tell_of_duty
from hikeshi.oncall.actions.canaries import begin_canary
from hikeshi.oncall.actions.covers import add_absence, add_cover, take_back_absence, take_back_cover
from hikeshi.oncall.actions.feeds import open_feed, revoke_feed
from hikeshi.oncall.actions.importing import import_shifts
from hikeshi.oncall.actions.noticing import set_duty_notice
from hikeshi.oncall.actions.policies import (
    add_policy,
    edit_policy,
    name_executives,
    order_policies,
    retire_policy,
)
from hikeshi.oncall.actions.reminding import remind_of_gaps
from hikeshi.oncall.actions.rotas import add_rota, edit_rota, retire_rota, take_up_rota
from hikeshi.oncall.actions.runs import acknowledge, ask_help, begin, call_again, hand_over, stop, take_failure
from hikeshi.oncall.actions.subscriptions import (
    end_subscription,
    end_with_calendar,
    read_calendar,
    read_next,
    subscribe_calendar,
)
from hikeshi.oncall.actions.swaps import accept_swap, ask_swap, decline_swap, expire_swaps, withdraw_swap
from hikeshi.oncall.actions.taking import take_due, take_first
from hikeshi.oncall.drafts import PolicyDraft

__all__ = [
    "PolicyDraft",
    "accept_swap",
    "acknowledge",
    "add_absence",
    "add_cover",
    "add_policy",
    "add_rota",
    "ask_help",
    "ask_swap",
    "begin",
    "begin_canary",
    "call_again",
    "decline_swap",
    "edit_policy",
    "edit_rota",
    "end_subscription",
    "end_with_calendar",
    "expire_swaps",
    "hand_over",
    "import_shifts",
    "name_executives",
    "open_feed",
    "order_policies",
    "read_calendar",
    "read_next",
    "remind_of_gaps",
    "retire_policy",
    "retire_rota",
    "revoke_feed",
    "set_duty_notice",
    "stop",
    "subscribe_calendar",
    "take_back_absence",
    "take_back_cover",
    "take_due",
    "take_failure",
    "take_first",
    "take_up_rota",
    "tell_of_duty",
    "withdraw_swap",
]
