"""The book as its page shows it."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.phrases.wording import listed
from hikeshi.service_levels import queries
from hikeshi.service_levels.book import Limits, Minutes, Target
from hikeshi.service_levels.codes import Stuck
from hikeshi.web.settings.service_levels.forms import calendar_name

WORDS = {
    "gone": "calendar_gone",
    "never_open": "clock_never_opens",
}


@dataclass(frozen=True, slots=True)
class Line:
    """``narrowed``: for which records only; ``trouble``: why its clocks could not run."""

    target: Target
    name: str
    hours: str
    narrowed: str
    steps: str
    trouble: str


def lines(by: Actor, found: queries.InForce) -> list[Line]:
    named = calendar_name(by)
    wrong = {one.target: WORDS[one.reason] for one in queries.troubles(found.book)}
    language = (get_language() or "en")[:2]
    return [
        Line(
            target=one,
            name=one.name(language),
            hours=_hours(one, named(one.hours)),
            narrowed=_narrowed(one),
            steps=_steps(one),
            trouble=wrong.get(one.code, ""),
        )
        for one in found.book.targets
    ]


def limits(found: Limits) -> list[tuple[str, Minutes]]:
    named = {Stuck.NO_MOVE: found.no_move, Stuck.NO_OWNER: found.no_owner, Stuck.WAITING: found.waiting}
    return [(labels.label("stuck", one), minutes) for one, minutes in named.items()]


def _hours(target: Target, calendar: str) -> str:
    if not target.always_to or target.hours == "always":
        return calendar
    upto = f"P1–P{target.always_to}" if target.always_to > 1 else "P1"
    return _("%(calendar)s; %(priorities)s around the clock") % {"calendar": calendar, "priorities": upto}


def _narrowed(target: Target) -> str:
    words = [labels.label("record_class", one) for one in target.classes]
    words += [labels.label("kind", one) for one in target.kinds]
    counted = (
        (_("organisations: %(count)s"), target.organisations),
        (_("services: %(count)s"), target.assets),
        (_("teams: %(count)s"), target.teams),
    )
    words += [text % {"count": len(given)} for text, given in counted if given]
    return listed(words)


def _steps(target: Target) -> str:
    return " · ".join(f"{one.percent}%" for one in target.steps)
