"""Calling for help, in words: facts, labels, refusals, and what is sent to whoever is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

TROUBLE: Final = {"trouble": "call_trouble"}

SENTENCES: Final = {
    "oncall.PolicySet": Sentence(_("Saved an escalation policy (version %(number)s).")),
    "oncall.PoliciesOrdered": Sentence(_("Changed the order of the escalation policies.")),
    "oncall.ExecutivesNamed": Sentence(_("Said who the executives are.")),
    "oncall.RunBegan": Sentence(_("Began to call for help, priority %(priority)s."), {"priority": "priority"}),
    "oncall.StepTaken": Sentence(_("Called %(first)s (step %(step)s, round %(round)s; people called: %(count)s).")),
    "oncall.NobodyReached": Sentence(
        _("Nobody could be reached by step %(step)s of round %(round)s: %(trouble)s"), TROUBLE
    ),
    "oncall.AskedInVain": Sentence(_("Asked %(who)s, who could not be reached: %(trouble)s"), TROUBLE),
    "oncall.Acknowledged": Sentence(_("%(person)s has answered the call.")),
    "oncall.AnswerTimedOut": Sentence(
        _("The answer of %(person)s is long ago and this is still open: everybody is called again.")
    ),
    "oncall.HandedOver": Sentence(
        _("Handed the call over to %(to)s."), otherwise=_("Handed the call over to whoever is next.")
    ),
    "oncall.HelpAsked": Sentence(
        _("Asked for help: called %(to)s (people called: %(count)s)."),
        otherwise=_("Asked for help, and nobody could be called."),
    ),
    "oncall.CalledAgain": Sentence(_("Had everybody called again from the first step.")),
    "oncall.RanOut": Sentence(_("Nobody is left to call. People called: %(reached)s. %(trouble)s"), TROUBLE),
    "oncall.RunStopped": Sentence(_("Stopped calling: %(why)s"), {"why": "call_stopped"}),
    "oncall.SeverityAsked": Sentence(_("The escalation asks for priority %(priority)s."), {"priority": "priority"}),
    "oncall.ExecutivesAsked": Sentence(_("Told the executives: %(first)s (people told: %(count)s).")),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "call_target": {
        "person": pgettext_lazy("call_target", "Person"),
        "rota": pgettext_lazy("call_target", "Whoever is on call"),
        "team": pgettext_lazy("call_target", "Team"),
        "role": pgettext_lazy("call_target", "Everybody with the role"),
        "party": pgettext_lazy("call_target", "Outside party"),
        "webhook": pgettext_lazy("call_target", "Webhook of"),
        "raise": pgettext_lazy("call_target", "Raise the priority to"),
        "executives": pgettext_lazy("call_target", "Executives"),
    },
    "call_state": {
        "calling": pgettext_lazy("call_state", "Calling"),
        "answered": pgettext_lazy("call_state", "Answered"),
        "ran_out": pgettext_lazy("call_state", "Nobody left to call"),
        "telling": pgettext_lazy("call_state", "For information"),
        "stopped": pgettext_lazy("call_state", "Over"),
    },
    "call_how": {
        "step": pgettext_lazy("call_how", "Called"),
        "anyway": pgettext_lazy("call_how", "Told in any case"),
        "handed": pgettext_lazy("call_how", "Handed over"),
        "help": pgettext_lazy("call_how", "Asked for help"),
        "alarm": pgettext_lazy("call_how", "Told that nobody was reached"),
    },
    "call_trouble": {
        "no_way": pgettext_lazy("call_trouble", "No way to reach them is known."),
        "away": pgettext_lazy("call_trouble", "Away, and nobody stands in for them."),
        "empty_rota": pgettext_lazy("call_trouble", "Nobody is on call in this rota."),
        "empty_team": pgettext_lazy("call_trouble", "The team has nobody in it."),
        "empty_role": pgettext_lazy("call_trouble", "Nobody holds this role here."),
        "gone": pgettext_lazy("call_trouble", "They are no longer here, and nobody stands in for them."),
        "failed": pgettext_lazy("call_trouble", "Every message to them failed."),
        "unanswered": pgettext_lazy("call_trouble", "Nobody has answered."),
    },
    "call_stopped": {
        "closed": pgettext_lazy("call_stopped", "the record was closed."),
        "replaced": pgettext_lazy("call_stopped", "a graver priority follows another plan."),
        "resolved": pgettext_lazy("call_stopped", "the record was resolved."),
        "merged": pgettext_lazy("call_stopped", "the record was merged into another."),
        "canary": pgettext_lazy("call_stopped", "the test is over."),
    },
    "call_hours": {
        "": pgettext_lazy("call_hours", "Always"),
        "business": pgettext_lazy("call_hours", "In business hours"),
        "outside": pgettext_lazy("call_hours", "Outside business hours"),
    },
    "call_closed": {
        "wait": pgettext_lazy("call_closed", "wait until then"),
        "skip": pgettext_lazy("call_closed", "leave this step out"),
    },
    "call_suits": {
        "yes": pgettext_lazy("call_suits", "This one counts"),
        "priority": pgettext_lazy("call_suits", "Not for this priority"),
        "kind": pgettext_lazy("call_suits", "Not for this kind"),
        "organisation": pgettext_lazy("call_suits", "Not for this organisation"),
        "hours": pgettext_lazy("call_suits", "Not at this hour"),
    },
}

REASONS: Final[Mapping[str, Promise]] = {
    "answered_already": gettext_lazy("%(name)s has answered already. You need do nothing, unless they ask for help."),
    "nobody_reached": gettext_lazy("Nobody could be called: no way to reach anybody who is next."),
    "step_refused": gettext_lazy("One of the steps cannot be used; it says why."),
    "call_over": gettext_lazy("This call is over: the record was closed, or somebody else has been called instead."),
    "circular": gettext_lazy("This would go round in a circle: %(circle)s"),
    "too_many_follow": gettext_lazy("At most %(limit)s policies may follow one another."),
}

REFUSALS: Final[Mapping[str, Promise]] = {
    "answered_already": gettext_lazy("%(name)s has answered already. You need do nothing, unless they ask for help."),
}


@dataclass(frozen=True, slots=True)
class Page:
    """``how`` as the call has it. ``title`` is empty where the reader may not see what it is about."""

    ref: str
    how: str
    priority: int
    title: str
    place: str
    round: int
    unanswered_for: int


def page_title(page: Page) -> str:
    """One line, short enough for a lock screen: how bad, which, what."""
    words = {"ref": page.ref, "priority": page.priority, "title": page.title or gettext("Restricted")}
    if page.how == "alarm":
        return gettext("NOBODY REACHED: P%(priority)s %(ref)s %(title)s") % words
    if page.how == "help":
        return gettext("Help is asked for: P%(priority)s %(ref)s %(title)s") % words
    if page.how == "anyway":
        return gettext("For your information: P%(priority)s %(ref)s %(title)s") % words
    return gettext("P%(priority)s %(ref)s %(title)s") % words


def page_short(page: Page) -> str:
    """For a text message."""
    if page.how == "help":
        return gettext("Answer if you can help.")
    return "" if page.how in {"anyway", "alarm"} else gettext("Answer, or the next person is called.")


def page_text(page: Page) -> str:
    lines = [_opening(page)]
    if not page.title:
        lines.append(gettext("The record is restricted to its people, so this message does not say what it is about."))
    if page.place:
        lines.append(gettext("Where: %(place)s") % {"place": page.place})
    lines.append(gettext("Open for minutes: %(minutes)s") % {"minutes": page.unanswered_for})
    if page.round > 1 and page.how != "help":
        lines.append(gettext("This is round %(round)s: nobody has answered so far.") % {"round": page.round})
    if page.how == "help":
        lines.append(gettext("Somebody asks for help with this. Answer if you can."))
    elif page.how not in {"anyway", "alarm"}:
        lines.append(gettext("Until somebody answers, the next person is called."))
    return "\n".join(lines)


def canary_title(ref: str) -> str:
    return gettext("TEST CALL %(ref)s: please answer") % {"ref": ref}


def canary_short() -> str:
    return gettext("Only a test. Please answer.")


def canary_text(ref: str) -> str:
    return gettext(
        "This is a test of the incident desk (%(ref)s). Nothing has happened. "
        "A real call would reach you in the same way: please answer, so that the desk knows that it can."
    ) % {"ref": ref}


def _opening(page: Page) -> str:
    words = {"ref": page.ref, "priority": page.priority}
    match page.how:
        case "alarm":
            return (
                gettext("Nobody could be reached about %(ref)s, priority %(priority)s. See to it that somebody is.")
                % words
            )
        case "help":
            return gettext("Somebody who works on %(ref)s, priority %(priority)s, asks for your help.") % words
        case "handed":
            return gettext("%(ref)s, priority %(priority)s, was handed over to you.") % words
        case "anyway":
            return gettext("An incident of priority %(priority)s is open: %(ref)s. You need not answer.") % words
        case _:
            return gettext("You are called for %(ref)s, priority %(priority)s.") % words
