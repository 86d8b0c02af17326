"""Rotas and who is on call, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from hikeshi.phrases.moments import dated
from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "oncall.RotaSaved": Sentence(_("Saved a rota (version %(number)s).")),
    "oncall.RotaRetired": Sentence(_("Put a rota out of use.")),
    "oncall.RotaTakenUp": Sentence(_("Put a rota in use again.")),
    "oncall.CoverSaid": Sentence(_("Put somebody in for a turn, from %(begins_at)s to %(ends_at)s.")),
    "oncall.CoverTakenBack": Sentence(_("Took back that somebody was put in for a turn.")),
    "oncall.AbsenceSaid": Sentence(_("Noted an absence, from %(begins_at)s to %(ends_at)s.")),
    "oncall.AbsenceTakenBack": Sentence(_("Took back an absence.")),
    "oncall.SwapAsked": Sentence(_("Asked to swap a turn, from %(begins_at)s to %(ends_at)s.")),
    "oncall.SwapAccepted": Sentence(_("Accepted a swap.")),
    "oncall.SwapDeclined": Sentence(_("Declined a swap.")),
    "oncall.SwapWithdrawn": Sentence(_("Withdrew a request to swap.")),
    "oncall.SwapExpired": Sentence(_("A request to swap was not answered before its turn began.")),
    "oncall.ShiftsImported": Sentence(_("Imported shifts from a calendar file. Shifts: %(shifts)s.")),
    "oncall.FeedOpened": Sentence(_("Made an address for a calendar program.")),
    "oncall.FeedRevoked": Sentence(_("Revoked an address for a calendar program.")),
    "oncall.DutyNoticeSet": Sentence(_("Chose how many hours before a duty to be told of it: %(hours)s.")),
    "oncall.DutyPurged": Sentence(
        _("Deleted past duty (%(what)s), its period was over: %(count)s"), {"what": "past_duty"}
    ),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "turn_unit": {
        "hour": pgettext_lazy("turn_unit", "hours"),
        "day": pgettext_lazy("turn_unit", "days"),
        "week": pgettext_lazy("turn_unit", "weeks"),
        "month": pgettext_lazy("turn_unit", "months"),
    },
    "turn_holidays": {
        "alike": pgettext_lazy("turn_holidays", "days like any other"),
        "skipped": pgettext_lazy("turn_holidays", "left out"),
        "only": pgettext_lazy("turn_holidays", "the only days it holds"),
    },
    "duty_why": {
        "turn": pgettext_lazy("duty_why", "by turn"),
        "cover": pgettext_lazy("duty_why", "put in"),
        "substitute": pgettext_lazy("duty_why", "stands in"),
        "uncovered": pgettext_lazy("duty_why", "no layer holds then"),
        "empty": pgettext_lazy("duty_why", "the rota has no people"),
        "absent": pgettext_lazy("duty_why", "absent, no substitute"),
        "gone": pgettext_lazy("duty_why", "no longer at this desk"),
        "closed": pgettext_lazy("duty_why", "outside the hours this rota covers"),
    },
    "past_duty": {
        "cover": pgettext_lazy("past_duty", "people put in for a turn"),
        "swap": pgettext_lazy("past_duty", "swaps"),
        "absence": pgettext_lazy("past_duty", "absences"),
        "feed": pgettext_lazy("past_duty", "revoked calendar addresses"),
    },
    "rota_promise": {
        "always": pgettext_lazy("rota_promise", "at all times"),
        "opening": pgettext_lazy("rota_promise", "the opening hours of a calendar"),
        "hours": pgettext_lazy("rota_promise", "these hours of the week"),
    },
    "swap_state": {
        "asked": pgettext_lazy("swap_state", "Asked"),
        "accepted": pgettext_lazy("swap_state", "Accepted"),
        "declined": pgettext_lazy("swap_state", "Declined"),
        "withdrawn": pgettext_lazy("swap_state", "Withdrawn"),
        "expired": pgettext_lazy("swap_state", "Expired"),
    },
}

REASONS: Final[Mapping[str, Promise]] = {
    "answered": gettext_lazy("Somebody has answered this already."),
    "ends_before": gettext_lazy("The end must come after the beginning."),
    "expired": gettext_lazy("This request is over: its turn has begun."),
    "has_left": gettext_lazy("This person can no longer sign in, so they cannot be on call."),
    "ical_nobody": gettext_lazy("No shift of this file names somebody who can be on call here."),
    "ical_too_fast": gettext_lazy("This file has events that recur by the minute or second; that is no duty."),
    "ical_too_large": gettext_lazy("A calendar file may have 1 MB."),
    "ical_too_many": gettext_lazy("This file has too many events."),
    "ical_too_much": gettext_lazy("Working out when these events recur takes too long; bring them one by one."),
    "ical_unreadable": gettext_lazy("This is not a calendar file that can be read (RFC 5545)."),
    "not_a_substitute": gettext_lazy("Choose somebody else who can be called."),
    "not_their_turn": gettext_lazy("They are not on call all that time."),
    "not_your_turn": gettext_lazy("You are not on call all that time."),
    "offered_to_all": gettext_lazy("This was offered to everybody of the rota; nobody has to decline it."),
    "plan_changed": gettext_lazy("The plan has changed meanwhile: these turns are no longer theirs to swap."),
}


@dataclass(frozen=True, slots=True)
class Told:
    title: str
    text: str


def _moment(at: datetime) -> str:
    return dated(at)


def swap_words(what: str, *, rota: str, asker: str, other: str, begin: datetime, end: datetime) -> Told:
    """To whoever is asked (``asked``), or to who asked, of how it ended."""
    said = {"rota": rota, "asker": asker, "other": other, "begin": _moment(begin), "end": _moment(end)}
    if what == "asked":
        title = gettext("%(asker)s asks you to take a turn of “%(rota)s”")
        text = gettext("From %(begin)s to %(end)s. Answer on the desk; until somebody accepts, nothing changes.")
    elif what == "accepted":
        title = gettext("%(other)s takes your turn of “%(rota)s”")
        text = gettext("From %(begin)s to %(end)s you are not on call.")
    elif what == "expired":
        title = gettext("Nobody answered your request to swap a turn of “%(rota)s”")
        text = gettext("From %(begin)s to %(end)s you are still on call.")
    else:
        title = gettext("%(other)s cannot take your turn of “%(rota)s”")
        text = gettext("From %(begin)s to %(end)s you are still on call. You can ask somebody else.")
    return Told(title % said, text % said)


def gap_words(rota: str, begin: datetime, why: str, instead: str) -> Told:
    said = {"rota": rota, "begin": _moment(begin), "why": str(LABELS["duty_why"].get(why, why)), "name": instead}
    title = gettext("Nobody will be on call in “%(rota)s”")
    if instead:
        text = gettext("From %(begin)s it would be the turn of %(name)s: %(why)s. Put somebody in, or change the rota.")
    else:
        text = gettext("From %(begin)s: %(why)s. Put somebody in, or change the rota.")
    return Told(title % said, text % said)


def duty_words(rota: str, begin: datetime, end: datetime | None) -> Told:
    """Before somebody takes over; ``end`` None: not soon."""
    said = {"rota": rota, "begin": _moment(begin), "end": _moment(end) if end else ""}
    title = gettext("You are on call from %(begin)s: “%(rota)s”")
    if end is None:
        text = gettext(
            "From %(begin)s on you are called first. If you cannot, ask for a swap or name a substitute now."
        )
    else:
        text = gettext(
            "From %(begin)s to %(end)s you are called first. If you cannot, ask for a swap or name a substitute now."
        )
    return Told(title % said, text % said)


def put_in_words(rota: str, begin: datetime, end: datetime) -> Told:
    said = {"rota": rota, "begin": _moment(begin), "end": _moment(end)}
    title = gettext("You were put in for a turn of “%(rota)s”")
    text = gettext("From %(begin)s to %(end)s you are on call. If you cannot, tell whoever plans the rota now.")
    return Told(title % said, text % said)


def stands_in_words(person: str, begin: datetime, end: datetime) -> Told:
    said = {"person": person, "begin": _moment(begin), "end": _moment(end)}
    title = gettext("You stand in for %(person)s")
    text = gettext("From %(begin)s to %(end)s %(person)s is away: you are called instead, in rotas and by name.")
    return Told(title % said, text % said)
