"""What stands in the calendar, gathered from where it is kept: each kind costs a few queries, whatever there is."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import takewhile
from typing import Final

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hikeshi.accounts.queries import Person
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.incidents.queries import Incident, Task, criteria, daily, planned
from hikeshi.intake import silences
from hikeshi.intake.permissions import Verb as Intake
from hikeshi.intake.queries import ruling, silencing
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.knowledge import queries as knowledge
from hikeshi.oncall.permissions import Verb as OnCall
from hikeshi.oncall.queries import duty
from hikeshi.phrases import labels
from hikeshi.service_levels.queries import due

SILENCES: Final = 200
FIXED: Final[Mapping[str, Promise]] = {
    "task": gettext_lazy("This task is not yours to put on another day."),
    "clock": gettext_lazy("The service level sets this time; nobody puts it elsewhere."),
    "wait": gettext_lazy("This wait is not yours to let end on another day."),
    "shift": gettext_lazy("Shifts are changed in their rota."),
    "gap": gettext_lazy("Shifts are changed in their rota."),
    "silence": gettext_lazy("A silence is changed on its own page."),
    "review": gettext_lazy("A review is set on its own page."),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days from midnight to midnight where the reader is; ``people`` None: everybody."""

    days: daily.Days
    people: dict[int, str] | None = None

    @property
    def since(self) -> datetime:
        return self.days.since

    @property
    def until(self) -> datetime:
        return self.days.until

    def of(self, ref: str) -> bool:
        return self.people is None or ref in self.people.values()


@dataclass(frozen=True, slots=True)
class Event:
    """``end`` None: a moment. ``whole``: days without hours. ``who`` is a name. ``task``: one the reader may put on
    another day, and where its record is. ``wait``: the record whose wait the reader may let end on another day.
    """

    kind: str
    begin: datetime
    title: str
    url: str
    end: datetime | None = None
    whole: bool = False
    who: str = ""
    rank: int = 0
    task: tuple[str, Task] | None = None
    wait: Incident | None = None

    @property
    def fixed(self) -> str:
        """Why it is not put on another day by hand; empty where it is."""
        return "" if self.task or self.wait else str(FIXED[self.kind])

    @property
    def late(self) -> bool:
        return self.kind in {"task", "clock", "review"} and self.begin < clock.now() and not self.whole


@dataclass(frozen=True, slots=True)
class Gathered:
    """``left``: how many more stand in a day than are here, by the number of the day."""

    events: Sequence[Event]
    left: Mapping[int, int]


def gathered(by: Actor, span: Span) -> Gathered:
    """The whole days first, then by time."""
    left: Counter[int] = Counter()
    found = [*_tasks(by, span, left), *_clocks(by, span, left), *_waits(by, span, left), *_shifts(by, span)]
    found += [*_silences(by, span), *_reviews(by, span), *_answers(by, span)]
    return Gathered(sorted(found, key=lambda one: (not one.whole, one.begin, one.kind, one.title)), left)


def _name(person: Person | None) -> str:
    return person.name if person else ""


def _tasks(by: Actor, span: Span, left: Counter[int]) -> Iterator[Event]:
    able = by.organisations(Incidents.WORK)
    rows, more = planned.tasks_due(by, span.days, span.people)
    left.update(more)
    for one in rows:
        if one.due_at is not None:
            url = f"{reverse('web:room', args=[one.incident.ref])}#tasks"
            title = f"{one.title} · {one.incident.ref}"
            mine = one.incident.organisation_id in able and one.incident.merged_into_id is None
            yield Event(
                kind="task",
                begin=one.due_at,
                title=title,
                url=url,
                who=_name(one.owner),
                rank=one.incident.priority,
                task=(one.incident.ref, one) if mine else None,
            )


def _clocks(by: Actor, span: Span, left: Counter[int]) -> Iterator[Event]:
    rows, more = due.run_out_between(by, span.days, span.people)
    left.update(more)
    for at, one in rows:
        url, title = reverse("web:room", args=[one.ref]), f"{one.ref} {one.title}"
        yield Event("clock", at, title, url, who=_name(one.owner), rank=one.priority)


def _waits(by: Actor, span: Span, left: Counter[int]) -> Iterator[Event]:
    able = by.organisations(Incidents.WORK)
    rows, more = planned.waits_ending(by, span.days, span.people)
    left.update(more)
    for one in rows:
        if one.waiting_until is not None:
            url, title = reverse("web:room", args=[one.ref]), f"{one.ref} {one.title}"
            mine = one if one.organisation_id in able and one.merged_into_id is None else None
            yield Event("wait", one.waiting_until, title, url, who=_name(one.owner), rank=one.priority, wait=mine)


def _shifts(by: Actor, span: Span) -> Iterator[Event]:
    if not by.may(OnCall.VIEW):
        return
    for rota, watches, names in duty.all_watches(by, span.since, span.until):
        url = reverse("web:rota", args=[rota.uuid])
        for one in watches:
            if one.person and span.of(one.person):
                whole = one.begin <= span.since and one.end >= span.until
                yield Event("shift", one.begin, rota.name, url, end=one.end, whole=whole, who=names.get(one.person, ""))
            elif one.is_gap and span.people is None and one.end > clock.now():
                yield Event("gap", one.begin, rota.name, url, end=one.end)


def _silences(by: Actor, span: Span) -> Iterator[Event]:
    if not by.may(Intake.VIEW):
        return
    for row in silencing.listed(by, stand="open")[:SILENCES]:
        if not span.of(row.owner or row.made_by):
            continue
        url = reverse("web:silence", args=[row.uuid])
        for window in takewhile(lambda one: one.begins < span.until, silences.windows(row.terms, row.zone)):
            if window.ends > span.since:
                yield Event("silence", window.begins, row.title, url, end=window.ends)


def _reviews(by: Actor, span: Span) -> Iterator[Event]:
    language = (get_language() or "en")[:2]
    if by.may(Intake.VIEW):
        for one in ruling.lines(by):
            if one.review is not None and one.live and span.of(one.owner) and _within(one.review, span):
                title = one.titles.get(language) or one.titles["en"]
                said = _("Review of the rule “%(name)s”") % {"name": title}
                yield Event("review", _start(one.review), said, reverse("web:rule", args=[one.code]), whole=True)
    if by.may(Incidents.VIEW):
        for kept in criteria.keepings(by):
            if kept.review is not None and span.of(kept.owner) and _within(kept.review, span):
                said = _("Review of the criteria “%(name)s”") % {"name": labels.label("criteria_field", kept.field)}
                yield Event(
                    "review", _start(kept.review), said, reverse("settings:criterion", args=[kept.field]), whole=True
                )


def _answers(by: Actor, span: Span) -> Iterator[Event]:
    """Whoever only owns an answer reads it where everybody does."""
    to = "settings:answer" if knowledge.may_write(by) else "portal:faq_one"
    for one in knowledge.reviews(by):
        if one.said.review is not None and span.of(one.said.owner) and _within(one.said.review, span):
            asked = one.said.question_en if (get_language() or "ja").startswith("en") else one.said.question_ja
            said = _("Review of the answer “%(name)s”") % {"name": asked}
            yield Event("review", _start(one.said.review), said, reverse(to, args=[one.uuid]), whole=True)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _within(day: date, span: Span) -> bool:
    return span.since <= _start(day) < span.until
