"""Targets and their clocks in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

MEASURE: Final = {"measure": "measure"}

SENTENCES: Final = {
    "service_levels.TargetsSet": Sentence(
        _("Service levels, version %(number)s: %(deed)s: %(about)s."),
        {"deed": "target_deed"},
        otherwise=_("Service levels, version %(number)s: %(deed)s."),
    ),
    "service_levels.RenewalAsked": Sentence(_("Open records take service levels version %(book)s.")),
    "service_levels.TermsRenewed": Sentence(_("Took service levels version %(book)s.")),
    "service_levels.Looked": Sentence(_("Looked up the places, teams and calendars that clocks run by.")),
    "service_levels.ClocksReckoned": Sentence(_("Worked out the service clocks anew.")),
    "service_levels.ClocksForgotten": Sentence(_("Deleted the service clocks with their record.")),
    "service_levels.ClockPassed": Sentence(
        _("%(measure)s: %(percent)s %% of the time is used up; due %(due_at)s."), MEASURE
    ),
    "service_levels.ClockRanOut": Sentence(
        _("%(measure)s: the time has run out (%(percent)s %% used; due %(due_at)s)."), MEASURE
    ),
}

REASONS: Final[Mapping[str, Promise]] = {
    "calendar_gone": gettext_lazy("The calendar of this target was removed. Choose another."),
    "clock_never_opens": gettext_lazy(
        "This calendar has no open hour in the next two years, so the clock would never run out. "
        "Mend the calendar, or choose another."
    ),
    "no_time": gettext_lazy("Give a time for one priority at least."),
    "percent_twice": gettext_lazy("The same percentage stands here twice."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "measure": {
        "own": pgettext_lazy("measure", "Time to own"),
        "answer": pgettext_lazy("measure", "Time to answer"),
        "contain": pgettext_lazy("measure", "Time to contain"),
        "restore": pgettext_lazy("measure", "Time to restore"),
        "resolve": pgettext_lazy("measure", "Time to resolve"),
        "hold": pgettext_lazy("measure", "Time with one team"),
    },
    "measure_hint": {
        "own": pgettext_lazy("measure_hint", "From opening until somebody owns it; again when it is taken from them."),
        "answer": pgettext_lazy(
            "measure_hint", "From the reporter's oldest unanswered message until the desk writes or takes note."
        ),
        "contain": pgettext_lazy("measure_hint", "From opening until the time “contained” is set."),
        "restore": pgettext_lazy("measure_hint", "From opening until the time “restored” is set."),
        "resolve": pgettext_lazy("measure_hint", "From opening until the record is resolved or closed."),
        "hold": pgettext_lazy("measure_hint", "From the owner's assignment until somebody of another team owns it."),
    },
    "clock_state": {
        "running": pgettext_lazy("clock_state", "running"),
        "paused": pgettext_lazy("clock_state", "standing still"),
        "met": pgettext_lazy("clock_state", "in time"),
        "missed": pgettext_lazy("clock_state", "too late"),
        "dropped": pgettext_lazy("clock_state", "not asked any more"),
        "never": pgettext_lazy("clock_state", "never runs out: its calendar has no open hour"),
    },
    "clock_because": {
        "opened": pgettext_lazy("clock_because", "opened"),
        "reopened": pgettext_lazy("clock_because", "reopened"),
        "priority": pgettext_lazy("clock_because", "the priority changed"),
        "class": pgettext_lazy("clock_because", "the class changed"),
        "kind": pgettext_lazy("clock_because", "the kind changed"),
        "asset": pgettext_lazy("clock_because", "what is hit changed"),
        "owner": pgettext_lazy("clock_because", "the owner changed"),
        "waiting": pgettext_lazy("clock_because", "the record waits"),
        "resumed": pgettext_lazy("clock_because", "work goes on"),
        "asked": pgettext_lazy("clock_because", "the reporter wrote"),
        "answered": pgettext_lazy("clock_because", "the reporter was answered"),
        "moment": pgettext_lazy("clock_because", "a time was set"),
        "resolved": pgettext_lazy("clock_because", "resolved or closed"),
        "renewed": pgettext_lazy("clock_because", "the targets in force were taken"),
        "merged": pgettext_lazy("clock_because", "merged into another incident"),
    },
    "clock_act": {
        "tell_owner": pgettext_lazy("clock_act", "Tell the owner"),
        "tell_team": pgettext_lazy("clock_act", "Tell the owner's team"),
        "tell_lead": pgettext_lazy("clock_act", "Tell those who lead"),
        "escalate": pgettext_lazy("clock_act", "Call for help, as the escalation says"),
        "raise": pgettext_lazy("clock_act", "Raise the priority by one"),
    },
    "stuck": {
        "any": pgettext_lazy("stuck", "Stuck for any reason"),
        "no_move": pgettext_lazy("stuck", "Nothing moves"),
        "no_owner": pgettext_lazy("stuck", "Nobody owns it"),
        "waiting": pgettext_lazy("stuck", "Waits too long"),
    },
    "target_deed": {
        "target_added": pgettext_lazy("target_deed", "added"),
        "target_changed": pgettext_lazy("target_deed", "changed"),
        "target_on": pgettext_lazy("target_deed", "switched on"),
        "target_off": pgettext_lazy("target_deed", "switched off"),
        "target_removed": pgettext_lazy("target_deed", "removed"),
        "ordered": pgettext_lazy("target_deed", "order changed"),
        "stuck_set": pgettext_lazy("target_deed", "limits for stuck records changed"),
    },
}
