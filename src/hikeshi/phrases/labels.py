"""Codes in the reader's words. Fixed vocabularies are messages here; data files register their own names."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, override, pgettext_lazy

from hikeshi.phrases import (
    accounts,
    assets,
    calendars,
    calming,
    canary,
    configuring,
    contacts,
    deciding,
    duty_calendars,
    escalation,
    figures,
    finding,
    forms,
    incident_report,
    inhibiting,
    knowledge,
    lists,
    load,
    mailboxes,
    messages,
    notices,
    planning,
    rooms,
    rotas,
    rule_words,
    service_levels,
    silencing,
    source_words,
    staff,
    threats,
)
from hikeshi.phrases.wording import leading

FIXED: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    **accounts.LABELS,
    **assets.LABELS,
    **threats.LABELS,
    **calendars.LABELS,
    **configuring.LABELS,
    **contacts.LABELS,
    **deciding.LABELS,
    **staff.LABELS,
    **rotas.LABELS,
    **duty_calendars.LABELS,
    **service_levels.LABELS,
    **load.LABELS,
    **finding.LABELS,
    **forms.LABELS,
    **notices.LABELS,
    **knowledge.LABELS,
    **lists.LABELS,
    **planning.LABELS,
    **figures.LABELS,
    **mailboxes.LABELS,
    **messages.LABELS,
    **rooms.LABELS,
    **escalation.LABELS,
    **canary.LABELS,
    "record_class": {
        "request": pgettext_lazy("record_class", "Request"),
        "event": pgettext_lazy("record_class", "Event"),
        "near_miss": pgettext_lazy("record_class", "Near miss"),
        "incident": pgettext_lazy("record_class", "Incident"),
        "accident": pgettext_lazy("record_class", "Accident (real harm)"),
    },
    "shown_class": {
        "suspected": pgettext_lazy("record_class", "Suspected incident"),
        "request": pgettext_lazy("record_class", "Request"),
        "event": pgettext_lazy("record_class", "Event"),
        "near_miss": pgettext_lazy("record_class", "Near miss"),
        "incident": pgettext_lazy("record_class", "Incident"),
        "accident": pgettext_lazy("record_class", "Accident (real harm)"),
    },
    "status": {
        "open": pgettext_lazy("status", "Open"),
        "resolved": pgettext_lazy("status", "Resolved"),
        "closed": pgettext_lazy("status", "Closed"),
    },
    "waiting": {
        "reporter": pgettext_lazy("waiting", "the reporter"),
        "supplier": pgettext_lazy("waiting", "a supplier"),
        "planned": pgettext_lazy("waiting", "a planned time"),
    },
    "wait_over": {
        "said": pgettext_lazy("wait_over", "work goes on"),
        "answered": pgettext_lazy("wait_over", "the reporter wrote"),
        "due": pgettext_lazy("wait_over", "its time has come"),
        "resolved": pgettext_lazy("wait_over", "the record is resolved"),
    },
    "phase_state": {
        "pending": pgettext_lazy("phase_state", "Not started"),
        "open": pgettext_lazy("phase_state", "In progress"),
        "done": pgettext_lazy("phase_state", "Done"),
        "skipped": pgettext_lazy("phase_state", "Left out"),
    },
    "priority": {
        "1": pgettext_lazy("priority", "Critical"),
        "2": pgettext_lazy("priority", "High"),
        "3": pgettext_lazy("priority", "Moderate"),
        "4": pgettext_lazy("priority", "Low"),
        "5": pgettext_lazy("priority", "Planning"),
    },
    "level": {
        "1": pgettext_lazy("level", "High"),
        "2": pgettext_lazy("level", "Medium"),
        "3": pgettext_lazy("level", "Low"),
    },
    "impact": {
        "1": pgettext_lazy("impact", "Whole organisation"),
        "2": pgettext_lazy("impact", "A department"),
        "3": pgettext_lazy("impact", "A few people"),
    },
    "effect": {
        "1": pgettext_lazy("effect", "Stopped or leaked"),
        "2": pgettext_lazy("effect", "Degraded"),
        "3": pgettext_lazy("effect", "Hardly noticeable"),
    },
    "urgency": {
        "1": pgettext_lazy("urgency", "Right now"),
        "2": pgettext_lazy("urgency", "Today"),
        "3": pgettext_lazy("urgency", "Can wait"),
    },
    "priority_reason": {
        "impact": pgettext_lazy("priority_reason", "The number of people hit decides, against urgency."),
        "effect": pgettext_lazy("priority_reason", "The effect on the service decides, against urgency."),
        "both": pgettext_lazy("priority_reason", "Impact and effect are equal; both against urgency."),
        "by_hand": pgettext_lazy("priority_reason", "Set by hand, with a reason."),
        "matrix": pgettext_lazy("priority_reason", "The site's matrix says so for these three."),
        "escalated": pgettext_lazy("priority_reason", "Raised by the escalation: nobody had answered."),
        "alert": pgettext_lazy("priority_reason", "Raised to what an alert that joined it calls for by itself."),
        "merged": pgettext_lazy("priority_reason", "Raised to that of an incident merged into this one."),
    },
    "certainty": {
        "confirmed": pgettext_lazy("certainty", "Confirmed"),
        "estimated": pgettext_lazy("certainty", "Estimated"),
        "unconfirmed": pgettext_lazy("certainty", "To be checked"),
        "unknown": pgettext_lazy("certainty", "Unknown"),
    },
    "tlp": {
        "red": "TLP:RED",
        "amber+strict": "TLP:AMBER+STRICT",
        "amber": "TLP:AMBER",
        "green": "TLP:GREEN",
        "clear": "TLP:CLEAR",
    },
    "moment": {
        "occurred": pgettext_lazy("moment", "Occurred"),
        "detected": pgettext_lazy("moment", "Detected"),
        "reported": pgettext_lazy("moment", "Reported"),
        "acknowledged": pgettext_lazy("moment", "Acknowledged"),
        "declared": pgettext_lazy("moment", "Declared"),
        "contained": pgettext_lazy("moment", "Contained"),
        "eradicated": pgettext_lazy("moment", "Eradicated"),
        "restored": pgettext_lazy("moment", "Restored"),
        "resolved": pgettext_lazy("moment", "Resolved"),
        "closed": pgettext_lazy("moment", "Closed"),
    },
    "moment_source": {
        "alert": pgettext_lazy("moment_source", "From the alert"),
        "person": pgettext_lazy("moment_source", "Entered"),
        "act": pgettext_lazy("moment_source", "By an act on the desk"),
    },
    "severity": {
        "0": pgettext_lazy("severity", "Unknown"),
        "1": pgettext_lazy("severity", "Informational"),
        "2": pgettext_lazy("severity", "Low"),
        "3": pgettext_lazy("severity", "Medium"),
        "4": pgettext_lazy("severity", "High"),
        "5": pgettext_lazy("severity", "Critical"),
        "6": pgettext_lazy("severity", "Fatal"),
    },
    "observable": {
        "ip": pgettext_lazy("observable", "IP address"),
        "host": pgettext_lazy("observable", "Host"),
        "domain": pgettext_lazy("observable", "Domain"),
        "user": pgettext_lazy("observable", "User"),
        "email": pgettext_lazy("observable", "Email"),
        "url": pgettext_lazy("observable", "URL"),
        "file": pgettext_lazy("observable", "File"),
        "hash": pgettext_lazy("observable", "Hash"),
        "process": pgettext_lazy("observable", "Process"),
        "command": pgettext_lazy("observable", "Command"),
        "mac": pgettext_lazy("observable", "MAC address"),
        "resource": pgettext_lazy("observable", "Resource"),
        "account": pgettext_lazy("observable", "Account"),
    },
    "alert_status": {
        "firing": pgettext_lazy("alert_status", "Firing"),
        "acknowledged": pgettext_lazy("alert_status", "In hand at its source"),
        "resolved": pgettext_lazy("alert_status", "Settled"),
    },
    "verdict": {
        "drop": pgettext_lazy("verdict", "Dropped as noise"),
        "keep": pgettext_lazy("verdict", "Kept"),
        "gather": pgettext_lazy("verdict", "Gathered"),
        "attach": pgettext_lazy("verdict", "Attached to an incident"),
        "open": pgettext_lazy("verdict", "Opened an incident"),
        "hold": pgettext_lazy("verdict", "Held"),
    },
    "account_role": {
        "administrator": pgettext_lazy("account_role", "Administrator"),
        "commander": pgettext_lazy("account_role", "Commander"),
        "responder": pgettext_lazy("account_role", "Responder"),
        "manager": pgettext_lazy("account_role", "Manager"),
        "reporter": pgettext_lazy("account_role", "Reporter"),
        "auditor": pgettext_lazy("account_role", "Auditor"),
    },
    "verb": {
        "accounts.manage": pgettext_lazy("verb", "Manage people, rights and tokens"),
        "accounts.view": pgettext_lazy("verb", "See people and rights"),
        "assets.manage": pgettext_lazy("verb", "Keep the list of assets"),
        "assets.view": pgettext_lazy("verb", "See assets"),
        "figures.share": pgettext_lazy("verb", "Keep a dashboard for everybody"),
        "figures.lead": pgettext_lazy("verb", "See the executive page"),
        "lists.share": pgettext_lazy("verb", "Keep a filter of the list for everybody"),
        "finding.configure": pgettext_lazy("verb", "Say which words mean the same in the search"),
        "knowledge.write": pgettext_lazy("verb", "Write answers to common questions"),
        "notices.publish": pgettext_lazy("verb", "Tell people at the portal of outages"),
        "forms.configure": pgettext_lazy("verb", "Make the forms that people report and ask with"),
        "incidents.break_glass": pgettext_lazy("verb", "Open a restricted incident in an emergency, with a reason"),
        "incidents.command": pgettext_lazy("verb", "Lead incidents: declare, restrict, override gates"),
        "incidents.decide": pgettext_lazy("verb", "Decide what is asked about incidents"),
        "incidents.configure": pgettext_lazy("verb", "Change kinds, courses and the priority matrix"),
        "incidents.open": pgettext_lazy("verb", "Report and open incidents"),
        "incidents.view": pgettext_lazy("verb", "See incidents"),
        "incidents.work": pgettext_lazy("verb", "Work on incidents"),
        "intake.judge": pgettext_lazy("verb", "Correct how alerts were judged"),
        "intake.manage": pgettext_lazy("verb", "Manage sources and rules"),
        "intake.send": pgettext_lazy("verb", "Send alerts"),
        "intake.view": pgettext_lazy("verb", "See alerts"),
        "load.configure": pgettext_lazy("verb", "Change skills, limits and the rules of assignment"),
        "load.manage": pgettext_lazy("verb", "Say what people can and how much they work"),
        "load.view": pgettext_lazy("verb", "See how much work people have"),
        "notify.configure": pgettext_lazy("verb", "Set up how messages leave the desk"),
        "notify.view": pgettext_lazy("verb", "See what was sent to whom"),
        "rooms.configure": pgettext_lazy("verb", "Connect chat tools and say who is who there"),
        "mailboxes.configure": pgettext_lazy("verb", "Connect mailboxes and say what becomes of their mail"),
        "oncall.manage": pgettext_lazy("verb", "Plan who is on call, and who is called after whom"),
        "oncall.view": pgettext_lazy("verb", "See who is on call"),
        "service_levels.configure": pgettext_lazy("verb", "Change service levels"),
        "service_levels.view": pgettext_lazy("verb", "See service levels"),
        "oncall.answer": pgettext_lazy("verb", "Answer calls for help that were meant for others"),
        "ledger.view": pgettext_lazy("verb", "See the ledger and who read what"),
    },
    "desk": {  # the desk's own loops, where an act has no person
        "rules": pgettext_lazy("desk", "Rules"),
        "assignment": pgettext_lazy("desk", "Automatic assignment"),
        "incidents": pgettext_lazy("desk", "Hikeshi"),
        "chat": pgettext_lazy("desk", "Chat"),
        "clocks": pgettext_lazy("desk", "Service clocks"),
        "digest": pgettext_lazy("desk", "Alert intake"),
        "react": pgettext_lazy("desk", "Hikeshi"),
        "remind": pgettext_lazy("desk", "Hikeshi"),
        "listening": pgettext_lazy("desk", "Hikeshi"),
        "escalate": pgettext_lazy("desk", "Escalation"),
        "files": pgettext_lazy("desk", "Hikeshi"),
        "reporter": pgettext_lazy("desk", "The reporter"),
        "command-line": pgettext_lazy("desk", "Command line"),
        "demonstration": pgettext_lazy("desk", "Demonstration"),
        "calendars": pgettext_lazy("desk", "Calendars at an address"),
        "imports": pgettext_lazy("desk", "Import"),
        "portal": pgettext_lazy("desk", "Report form"),
        "retention": pgettext_lazy("desk", "Retention"),
        "sign-in": pgettext_lazy("desk", "Sign-in"),
        "send": pgettext_lazy("desk", "Messages out"),
    },
    "purpose": {
        "odd": pgettext_lazy("purpose", "Something odd happened"),
        "near_miss": pgettext_lazy("purpose", "A near miss"),
        "request": pgettext_lazy("purpose", "A question or request"),
    },
    "via": {
        "form": pgettext_lazy("via", "Form"),
        "phone": pgettext_lazy("via", "Telephone"),
        "api": pgettext_lazy("via", "API"),
        "chat": pgettext_lazy("via", "Chat"),
        "mail": pgettext_lazy("via", "Mail"),
    },
    "report_place": {
        "received": pgettext_lazy("report_place", "Received. Nobody has looked at it yet."),
        "in_hand": pgettext_lazy("report_place", "Somebody is looking into it."),
        "asked": pgettext_lazy("report_place", "We have a question for you."),
        "answered": pgettext_lazy("report_place", "Settled. It will be closed soon."),
        "closed": pgettext_lazy("report_place", "Closed."),
    },
    "satisfaction": {
        "5": pgettext_lazy("satisfaction", "Very good"),
        "4": pgettext_lazy("satisfaction", "Good"),
        "3": pgettext_lazy("satisfaction", "So so"),
        "2": pgettext_lazy("satisfaction", "Poor"),
        "1": pgettext_lazy("satisfaction", "Very poor"),
    },
    "world": {
        "real": pgettext_lazy("world", "Real"),
        "drill": pgettext_lazy("world", "Drill"),
        "demo": pgettext_lazy("world", "Demonstration"),
    },
    "gate_at": {
        "start": pgettext_lazy("gate_at", "Before it starts"),
        "end": pgettext_lazy("gate_at", "Before it ends"),
        "close": pgettext_lazy("gate_at", "Before the record closes"),
    },
}

_NAMED: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    **FIXED,
    **rule_words.LABELS,
    **incident_report.LABELS,
    **silencing.LABELS,
    **inhibiting.LABELS,
    **calming.LABELS,
    **source_words.LABELS,
}
_registered: dict[str, dict[str, Mapping[str, str]]] = {}


def register(group: str, names: Mapping[str, Mapping[str, str]]) -> None:
    """Names of a data file's codes: code -> language -> word."""
    _registered[group] = dict(names)


def unregister(group: str) -> None:
    """Back to the desk's own words."""
    _registered.pop(group, None)


def label(group: str, code: str | int) -> str:
    """The word for a code in the active language; the code itself where nobody named it."""
    wanted = str(code)
    names = _registered.get(group, {}).get(wanted)
    if names is not None:
        return names.get((get_language() or "en")[:2], names["en"])
    return _fixed(group, wanted, get_language())


def label_in(language: str, group: str, code: str | int) -> str:
    """As ``label``, in a language the page itself is not in."""
    with override(language):
        return label(group, code)


@lru_cache(maxsize=4_096)
def _fixed(group: str, code: str, language: str | None) -> str:
    """Remembered for each language, since a list asks the same fifty times."""
    return str(_NAMED.get(group, {}).get(code, code))


def spellings(group: str, code: str) -> set[str]:
    """The word for a code in every language: for reading what people wrote."""
    found = set(_registered.get(group, {}).get(code, {}).values())
    for language, _ in settings.LANGUAGES:
        with override(language):
            found.add(str(_NAMED.get(group, {}).get(code, code)))
    return found


def offered(group: str) -> list[tuple[str, str]]:
    """As ``choices``, for words that stand within a sentence elsewhere: here each stands by itself."""
    return [(code, leading(word)) for code, word in choices(group)]


def choices(group: str) -> list[tuple[str, str]]:
    """Every code of a group with its word, in the order of its file."""
    return [(code, label(group, code)) for code in _registered.get(group) or _NAMED.get(group, {})]
