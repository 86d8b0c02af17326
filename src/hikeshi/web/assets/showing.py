"""How an asset's figures and lines are put into words for its pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.assets import queries
from hikeshi.documents import tables
from hikeshi.kernel.facts import Fact, kind_of
from hikeshi.phrases import labels, refusals, sentences

SHOWN = 200


def span_cell(minutes: int | None) -> str:
    """As it may be typed again: ``90``, ``4h``, ``2d``."""
    if minutes is None:
        return ""
    if minutes and minutes % 1_440 == 0:
        return f"{minutes // 1_440}d"
    return f"{minutes // 60}h" if minutes and minutes % 60 == 0 else str(minutes)


def span_words(minutes: int | None) -> str:
    if minutes is None:
        return ""
    if minutes and minutes % 1_440 == 0:
        return _("%(days)s days") % {"days": minutes // 1_440}
    if minutes and minutes % 60 == 0:
        return _("%(hours)s h") % {"hours": minutes // 60}
    return _("%(minutes)s min") % {"minutes": minutes}


@dataclass(frozen=True, slots=True)
class Called:
    """One of the names machines call it by, and where its alerts are looked for."""

    word: str
    value: str
    alerts: str


def called(page: queries.Page) -> list[Called]:
    return [Called(labels.label("identifier", one.type), one.value, _search(one.value)) for one in page.identifiers]


def _search(value: str) -> str:
    return f"{reverse('web:alerts')}?{urlencode({'stand': 'all', 'q': value.casefold()})}"


@dataclass(frozen=True, slots=True)
class Happened:
    at: object
    who: str
    sentence: str
    fields: str


def history(page: queries.Page) -> list[Happened]:
    names = accounts.names_of(entry.actor for entry in page.history)
    return [
        Happened(
            entry.at,
            names.get(entry.actor) or labels.label("desk", entry.actor.partition(":")[2]),
            sentences.sentence(entry.fact, {}),
            _fields(_read(entry.fact, entry.body)),
        )
        for entry in page.history
    ]


def _read(name: str, body: str) -> Fact | None:
    kind = kind_of(name)
    return kind.read(body) if kind else None


def _fields(fact: Fact | None) -> str:
    changed: Iterable[str] = getattr(fact, "fields", ())
    return ", ".join(labels.label("asset_field", name) for name in changed)


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    name: str
    said: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one fate; ``more`` are not shown."""

    fate: str
    word: str
    count: int
    lines: Sequence[Line]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def groups(plan: "tables.Plan[queries.Draft]") -> list[Group]:
    """What is wrong first."""
    found = []
    for fate in (tables.Fate.WRONG, tables.Fate.NEW, tables.Fate.CHANGED, tables.Fate.SAME):
        lines = plan.of(fate)
        shown = [_line(one) for one in lines[: SHOWN if fate is not tables.Fate.SAME else 0]]
        found.append(Group(fate.value, labels.label("fate", fate), len(lines), shown))
    return found


def _line(one: "tables.Planned[queries.Draft]") -> Line:
    problems = [(_field(problem.field), refusals.reason(problem.reason, problem.params)) for problem in one.problems]
    changed = [(_field(name), "") for name in one.changed]
    return Line(one.line, one.name, problems or changed)


def _field(name: str) -> str:
    return labels.label("asset_field", name) if name else ""


def aside(file: queries.Brought) -> list[str]:
    """Columns that are left aside, each in a sentence."""
    said = []
    for one in file.fit.unknown:
        if one.meant is None:
            said.append(refusals.reason("unknown_heading", {"heading": one.heading[:80]}))
        else:
            meant = labels.label("asset_field", one.meant.code)
            params = {"heading": one.heading[:80], "meant": meant}
            said.append(refusals.reason("unknown_heading_near", params))
    return said
