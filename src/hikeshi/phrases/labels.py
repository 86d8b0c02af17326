"""Codes in the reader's words. Fixed vocabularies are messages here; data files register their own names."""

from collections.abc import Mapping
from typing import Final

from django.utils.translation import get_language, gettext, gettext_noop

_ = gettext_noop

FIXED: Final[Mapping[str, Mapping[str, str]]] = {
    "record_class": {
        "request": _("Request"),
        "event": _("Event"),
        "near_miss": _("Near miss"),
        "incident": _("Incident"),
        "accident": _("Accident (real harm)"),
    },
    "status": {"open": _("Open"), "resolved": _("Resolved"), "closed": _("Closed")},
    "phase_state": {
        "pending": _("Not started"),
        "open": _("In progress"),
        "done": _("Done"),
        "skipped": _("Left out"),
    },
    "priority": {"1": _("Critical"), "2": _("High"), "3": _("Moderate"), "4": _("Low"), "5": _("Planning")},
    "level": {"1": _("High"), "2": _("Medium"), "3": _("Low")},
    "impact": {"1": _("Whole organisation"), "2": _("A department"), "3": _("A few people")},
    "effect": {"1": _("Stopped or leaked"), "2": _("Degraded"), "3": _("Hardly noticeable")},
    "urgency": {"1": _("Right now"), "2": _("Today"), "3": _("Can wait")},
    "priority_reason": {
        "impact": _("The number of people hit decides, against urgency."),
        "effect": _("The effect on the service decides, against urgency."),
        "both": _("Impact and effect are equal; both against urgency."),
        "by_hand": _("Set by hand, with a reason."),
    },
    "certainty": {
        "confirmed": _("Confirmed"),
        "estimated": _("Estimated"),
        "unconfirmed": _("To be checked"),
        "unknown": _("Unknown"),
    },
    "tlp": {
        "red": "TLP:RED",
        "amber+strict": "TLP:AMBER+STRICT",
        "amber": "TLP:AMBER",
        "green": "TLP:GREEN",
        "clear": "TLP:CLEAR",
    },
    "moment": {
        "occurred": _("Occurred"),
        "detected": _("Detected"),
        "reported": _("Reported"),
        "acknowledged": _("Acknowledged"),
        "declared": _("Declared"),
        "contained": _("Contained"),
        "eradicated": _("Eradicated"),
        "restored": _("Restored"),
        "resolved": _("Resolved"),
        "closed": _("Closed"),
    },
    "moment_source": {"alert": _("From the alert"), "person": _("Entered"), "act": _("By an act on the desk")},
    "severity": {
        "0": _("Unknown"),
        "1": _("Informational"),
        "2": _("Low"),
        "3": _("Medium"),
        "4": _("High"),
        "5": _("Critical"),
        "6": _("Fatal"),
    },
    "alert_status": {"firing": _("Firing"), "resolved": _("Settled")},
    "verdict": {
        "drop": _("Dropped as noise"),
        "keep": _("Kept"),
        "attach": _("Attached to an incident"),
        "open": _("Opened an incident"),
    },
    "account_role": {
        "administrator": _("Administrator"),
        "commander": _("Commander"),
        "responder": _("Responder"),
        "manager": _("Manager"),
        "reporter": _("Reporter"),
        "auditor": _("Auditor"),
    },
    "world": {"real": _("Real"), "drill": _("Drill"), "demo": _("Demonstration")},
    "gate_at": {"start": _("Before it starts"), "end": _("Before it ends"), "close": _("Before the record closes")},
}

_registered: dict[str, dict[str, Mapping[str, str]]] = {}


def register(group: str, names: Mapping[str, Mapping[str, str]]) -> None:
    """Names of a data file's codes: code -> language -> word."""
    _registered[group] = dict(names)


def label(group: str, code: str | int) -> str:
    """The word for a code in the active language; the code itself where nobody named it."""
    wanted = str(code)
    names = _registered.get(group, {}).get(wanted)
    if names is not None:
        return names.get((get_language() or "en")[:2], names["en"])
    message = FIXED.get(group, {}).get(wanted)
    return wanted if message is None else gettext(message)


def choices(group: str) -> list[tuple[str, str]]:
    """Every code of a group with its word, in the order of its file."""
    return [(code, label(group, code)) for code in _registered.get(group) or FIXED.get(group, {})]
