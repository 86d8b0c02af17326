"""The verbs of duty, by noun. The only writer of this domain's rows."""

from hikeshi.oncall.actions.covers import add_absence, add_cover, take_back_absence, take_back_cover
from hikeshi.oncall.actions.feeds import open_feed, revoke_feed
from hikeshi.oncall.actions.rotas import add_rota, edit_rota, retire_rota, take_up_rota
from hikeshi.oncall.actions.swaps import accept_swap, ask_swap, decline_swap, withdraw_swap

__all__ = [
    "accept_swap",
    "add_absence",
    "add_cover",
    "add_rota",
    "ask_swap",
    "decline_swap",
    "edit_rota",
    "open_feed",
    "retire_rota",
    "revoke_feed",
    "take_back_absence",
    "take_back_cover",
    "take_up_rota",
    "withdraw_swap",
]
