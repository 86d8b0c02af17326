"""What the room's templates need beyond the record: which act is next, what is late, what is said in which order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.ways import Way
from hikeshi.incidents import queries as incidents
from hikeshi.incidents import readings
from hikeshi.incidents.codes import PhaseState
from hikeshi.incidents.gates import At
from hikeshi.incidents.moments import Odd, Oddity
from hikeshi.intake import queries as intake
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import Alert
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import Page, paginate
from hikeshi.phrases import labels
from hikeshi.web.readings import choices

SHAPES = {PhaseState.PENDING: "○", PhaseState.OPEN: "■", PhaseState.DONE: "✓", PhaseState.SKIPPED: "–"}
ALERTS = 8
ONLY = ("all", "people", "decisions")


@dataclass(frozen=True, slots=True)
class Step:
    """A phase as the strip shows it; ``link`` is the act a click on it begins."""

    view: incidents.PhaseView
    shape: str
    link: str
    first_beside: bool
    word: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """A reading that can be chosen: its code, its name, whether it is the one in use."""

    code: str
    name: str
    here: bool


@dataclass(frozen=True, slots=True)
class Ask:
    view: incidents.GateView
    words: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class Group:
    word: str
    lines: Sequence[incidents.SheetLine]


@dataclass(frozen=True, slots=True)
class Time:
    view: incidents.MomentLine
    odd: Sequence[str]


@dataclass(frozen=True, slots=True)
class Layout:
    room: incidents.Room
    by: Actor
    only: str
    reading: str = readings.OWN
    now: datetime = field(default_factory=clock.now)

    @property
    def ways(self) -> Mapping[str, Sequence[Way]]:
        """Of whoever is in the room, for whoever may bring somebody else in. One query."""
        if not self.room.may_work:
            return {}
        there = [one.person for one in self.room.people]
        return accounts.ways_of(f"person:{one.uuid}" for one in (*there, self.room.incident.owner) if one)

    @property
    def mine(self) -> bool:
        return self.room.incident.owner_id is not None and self.room.incident.owner_id == self.by.person_id

    @property
    def phases(self) -> list[Step]:
        steps = []
        for before, view in zip((None, *self.room.phases), self.room.phases, strict=False):
            first = view.beside and (before is None or not before.beside)
            steps.append(Step(view, SHAPES[view.state], self._link(view), first, self._read(view)))
        return steps

    def _read(self, view: incidents.PhaseView) -> str:
        """The phase in the words of the reading; empty where the desk's own are read."""
        return "" if self.reading == readings.OWN else labels.label(readings.group(self.reading), view.code)

    @property
    def readings(self) -> list[Tongue]:
        return [Tongue(code, name, code == self.reading) for code, name in choices()]

    @staticmethod
    def _link(view: incidents.PhaseView) -> str:
        if view.state is PhaseState.OPEN and view.can_finish:
            return "finish"
        return "move" if view.can_start else ""

    @property
    def next_phase(self) -> incidents.PhaseView | None:
        """The phase after the furthest one that is open, if the course has one."""
        course = [one for one in self.room.phases if not one.beside]
        furthest = max((place for place, one in enumerate(course) if one.state is PhaseState.OPEN), default=None)
        later = [] if furthest is None else course[furthest + 1 :]
        return next((one for one in later if one.state is PhaseState.PENDING and one.can_start), None)

    @property
    def last_open(self) -> incidents.PhaseView | None:
        return next((one for one in reversed(self.room.phases) if not one.beside and one.can_finish), None)

    @property
    def gates(self) -> list[Ask]:
        """Those the next step asks; with nothing left to do but close, those of the close."""
        ahead = self.next_phase
        ending = {one.code for one in self.room.phases if one.state is PhaseState.OPEN}
        asked = [
            one
            for one in self.room.gates
            if (one.at is At.END and one.phase in ending)
            or (one.at is At.START and ahead is not None and one.phase == ahead.code)
            or (one.at is At.CLOSE and ahead is None)
        ]
        return [self._ask(one) for one in asked] if self.room.incident.status != "closed" else []

    @staticmethod
    def _ask(view: incidents.GateView) -> Ask:
        phase = labels.label("phase", view.phase)
        when = {
            At.START: _("Before %(phase)s starts") % {"phase": phase},
            At.END: _("Before %(phase)s ends") % {"phase": phase},
            At.CLOSE: _("Before the record closes"),
        }
        state = "overridden" if view.overridden_by else "met" if view.holds else "missing"
        return Ask(view, labels.label("gate", view.code), when[view.at], state)

    @property
    def tasks_done(self) -> int:
        return sum(1 for one in self.room.tasks if one.done_at)

    @property
    def sheet(self) -> list[Group]:
        words = {"5w1h": _("Who, what, when"), "report": _("For the first report")}
        grouped = groupby(self.room.sheet, key=lambda one: one.group)
        return [Group(words.get(code, code), list(lines)) for code, lines in grouped]

    @property
    def times(self) -> list[Time]:
        said: dict[str, list[str]] = {}
        for odd in self.room.oddities:
            said.setdefault(odd.kind, []).append(odd_words(odd))
        return [Time(one, said.get(one.kind, [])) for one in self.room.moments]

    @property
    def timeline_tabs(self) -> list[tuple[str, str, bool]]:
        words = {"all": _("All"), "people": _("People only"), "decisions": _("Decisions only")}
        return [(code, words[code], code == self.only) for code in ONLY]

    @property
    def topics(self) -> str:
        return f"{self.room.incident.subject} alerts"


def odd_words(odd: Odd) -> str:
    if odd.oddity is Oddity.FUTURE:
        return _("This time has not come yet.")
    return _("This is before: %(other)s") % {"other": labels.label("moment", odd.other or "")}


def only_of(asked: str) -> str:
    return asked if asked in ONLY else ONLY[0]


def held(by: Actor, subject: str, *, most: int = ALERTS) -> Page[Alert]:
    """The newest alerts of this case. Somebody may take part in it without looking at alerts."""
    if not by.may(Verb.VIEW):
        return Page(items=(), next=None, total=0, total_exact=True)
    rows = intake.brief(intake.alerts(by, case=subject)).select_related("together")
    return paginate(rows, order=intake.NEWEST, cursor=None, limit=most)
