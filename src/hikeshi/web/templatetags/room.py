"""Tags of the incident room: `{% load room %}`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django import template
from django.utils.safestring import SafeString

from hikeshi.incidents.queries import TimelineLine
from hikeshi.kernel import clock
from hikeshi.phrases import moments
from hikeshi.phrases.deciding import money
from hikeshi.web import written
from hikeshi.web.addresses import address
from hikeshi.web.markup import markup
from hikeshi.web.templatetags.show import day_of

register = template.Library()
# A full dot is a person, a hollow one a machine, a square a decision.
FOLDED = 3
NEVER_FOLDED = frozenset({"incidents.NoteWritten"})
TONES = {"machine": "machine", "decision": "decision"}


def _address(ref: str, name: str, part: object) -> str:
    return address("web:act", ref, name, *([str(part)] if part else []))


@register.simple_tag
def act_link(ref: str, name: str, part: object = "") -> SafeString:
    """Attributes of a link to an act's form: a page of its own, or the dialog where scripts run."""
    url = _address(ref, name, part)
    return markup('href="{}" hx-get="{}" hx-target="#sheet" hx-swap="innerHTML"', url, url)


register.simple_tag(money)


@register.simple_tag
def act_post(ref: str, name: str, part: object = "") -> SafeString:
    """Attributes of a form that acts at once."""
    url = _address(ref, name, part)
    return markup('action="{}" hx-post="{}" hx-target="body"', url, url)


@dataclass(frozen=True, slots=True)
class Run:
    """The same act by the same hand, several times on end: the newest is shown, the others unfold."""

    first: TimelineLine
    more: list[TimelineLine]


@dataclass(frozen=True, slots=True)
class Day:
    word: str
    runs: list[Run]


@register.filter
def by_day(lines: Iterable[TimelineLine]) -> list[Day]:
    """In the reader's zone; the order stays as it is."""
    today = moments.local(clock.now()).date()
    days = groupby(lines, key=lambda line: moments.local(line.at).date())
    return [Day(day_of(day, today), list(_runs(found))) for day, found in days]


def _runs(lines: Iterable[TimelineLine]) -> Iterator[Run]:
    for key, found in groupby(lines, key=lambda line: (line.fact, line.actor)):
        run = list(found)
        if len(run) < FOLDED or key[0] in NEVER_FOLDED:
            yield from (Run(line, []) for line in run)
        else:
            yield Run(run[0], run[1:])


@register.filter
def tone(line: TimelineLine) -> str:
    return TONES.get(line.kind, "")


@register.filter
def markdown(text: str) -> SafeString:
    return written.html(text)


@register.filter
def is_late(due: datetime | None) -> bool:
    return due is not None and due < clock.now()
