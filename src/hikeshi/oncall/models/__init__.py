"""The rows of duty: who is on call, and who is called after whom."""

from hikeshi.oncall.models.policies import Executives, Policy, PolicyVersion
from hikeshi.oncall.models.rotas import Absence, Cover, DutyNotice, Feed, Rota, RotaVersion, Swap, SwapState
from hikeshi.oncall.models.runs import Call, Due, Run
from hikeshi.oncall.models.subscriptions import LeftOut, Subscription

__all__ = [
    "Absence",
    "Call",
    "Cover",
    "Due",
    "DutyNotice",
    "Executives",
    "Feed",
    "LeftOut",
    "Policy",
    "PolicyVersion",
    "Rota",
    "RotaVersion",
    "Run",
    "Subscription",
    "Swap",
    "SwapState",
]
