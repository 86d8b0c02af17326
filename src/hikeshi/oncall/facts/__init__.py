"""What happened to rotas, policies and calls. No name or typed text: commitments stand for them."""

from hikeshi.oncall.facts import rotas, subscriptions
from hikeshi.oncall.facts.escalation import (
    Acknowledged,
    AnswerTimedOut,
    AskedInVain,
    CalledAgain,
    ExecutivesAsked,
    ExecutivesNamed,
    HandedOver,
    HelpAsked,
    NobodyReached,
    PoliciesOrdered,
    PolicySet,
    RanOut,
    RunBegan,
    RunStopped,
    SeverityAsked,
    StepTaken,
)

__all__ = [
    "Acknowledged",
    "AnswerTimedOut",
    "AskedInVain",
    "CalledAgain",
    "ExecutivesAsked",
    "ExecutivesNamed",
    "HandedOver",
    "HelpAsked",
    "NobodyReached",
    "PoliciesOrdered",
    "PolicySet",
    "RanOut",
    "RunBegan",
    "RunStopped",
    "SeverityAsked",
    "StepTaken",
    "rotas",
    "subscriptions",
]
