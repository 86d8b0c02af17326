"""Calendars of others that the desk reads at their addresses, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from hikeshi.phrases.moments import dated
from hikeshi.phrases.rotas import REASONS as ROTA_REASONS
from hikeshi.phrases.rotas import Told
from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "oncall.CalendarSubscribed": Sentence(_("Began to read a calendar at its address.")),
    "oncall.CalendarAskedFor": Sentence(_("Had a calendar read at once.")),
    "oncall.CalendarRead": Sentence(_("A calendar read at its address changed. Came: %(came)s, gone: %(gone)s")),
    "oncall.CalendarFailing": Sentence(
        _("A calendar cannot be read since %(since)s: %(why)s"), {"why": "calendar_fault"}
    ),
    "oncall.SubscriptionEnded": Sentence(_("Ended reading a calendar. Taken back: %(gone)s")),
}

FAULTS: Final[Mapping[str, Promise]] = {
    "calendar_answer": gettext_lazy("Its server has trouble of its own."),
    "calendar_gone": gettext_lazy("There is no calendar at this address any more."),
    "calendar_moved": gettext_lazy("Its server leads on and on, and nowhere."),
    "calendar_refused": gettext_lazy("Its server refuses this address."),
    "calendar_hardly_open": gettext_lazy("By what it says the place would hardly ever open."),
    "calendar_sealed": gettext_lazy("The address was kept under another master key: enter it again."),
    "unencrypted": gettext_lazy("It leads to where nothing is encrypted."),
    "bad_address": gettext_lazy("The address cannot be used."),
    "unreachable": gettext_lazy("Its server could not be reached."),
    "timeout": gettext_lazy("Its server did not answer in time."),
    "certificate": gettext_lazy("Its server's certificate is not trusted."),
    "proxy": gettext_lazy("The proxy for calls to the outside opens no way there."),
    "forbidden_host": gettext_lazy("This host lies inside the network and was not permitted by the settings."),
    "desk_shut": gettext_lazy("This desk calls nobody: it is held, or for trying things out."),
    "too_large": gettext_lazy("A calendar at an address may have 5 MB."),
    **{code: ROTA_REASONS[code] for code in ("ical_too_fast", "ical_too_many", "ical_too_much", "ical_unreadable")},
    "ical_too_large": gettext_lazy("A calendar at an address may have 5 MB."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {"calendar_fault": FAULTS}

REASONS: Final[Mapping[str, Promise]] = {
    "calendar_address": gettext_lazy("Write an address that begins with https:// or webcal://."),
    "calendar_known": gettext_lazy("This calendar is read here already."),
    "calendar_unencrypted": gettext_lazy(
        "Without encryption (http://) only hosts inside may be asked that the settings permit."
    ),
}


def calendar_failing_words(whose: str, hint: str, since: datetime, fault: str) -> Told:
    said: dict[str, object] = {"name": whose, "address": hint, "why": str(FAULTS.get(fault, fault))}
    said["since"] = dated(since)
    title = gettext("The calendar of “%(name)s” cannot be read")
    text = gettext("Since %(since)s %(address)s says nothing. %(why)s What it said last still counts.")
    return Told(title % said, text % said)
