"""A dashboard as its pages show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.figures import asking, definitions, periods, queries
from hikeshi.figures.codes import SHIPPED, By, Figure, Tile, Unit
from hikeshi.figures.permissions import Verb
from hikeshi.figures.results import Found, Line, Number, Series
from hikeshi.figures.terms import Said, Terms
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import labels, moments
from hikeshi.phrases.figures import HOW, OTHERWISE, WAY
from hikeshi.phrases.wording import bracketed
from hikeshi.web.access import SignedIn
from hikeshi.web.figures import drawing, forms
from hikeshi.web.templatetags.show import day_of, grouped

FILES: Final = ("pdf", "png", "xlsx", "csv")
WORDS = {
    By.KIND: "kind",
    By.CLASS: "record_class",
    By.PRIORITY: "priority",
    By.AGE: "figure_age",
    By.STAGE: "figure_stage",
    By.SCORE: "score",
}


@dataclass(frozen=True, slots=True)
class Told:
    """``url`` leads to the list of what it counts."""

    text: str
    url: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    numbers: tuple[Told, ...]
    bar: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One tile. ``found`` is None where the reader may not know."""

    tile: Tile
    title: str
    found: Found | None
    headings: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    chart: str = ""
    ends: tuple[str, str] = ("", "")
    url: str = ""
    ways: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        """A chart that would draw nothing."""
        return bool(self.chart) and self.found is not None and not self.found.total

    @property
    def how(self) -> str:
        return str(HOW[self.tile.figure.value])

    @property
    def counted(self) -> bool:
        """Whether its total says something."""
        return self.tile.figure not in {Figure.TIMES, Figure.KEPT}

    @property
    def change(self) -> str:
        if self.found is None or self.found.total_before is None:
            return ""
        return f"{self.found.total - self.found.total_before:+,}"


@dataclass(frozen=True, slots=True)
class Page:
    view: queries.BoardView
    boards: Sequence[queries.BoardView]
    form: forms.Asking
    terms: Terms
    asked: asking.Asked
    panels: tuple[Panel, ...]
    query: str
    may_change: bool
    trouble: bool
    may_lead: bool

    @property
    def title(self) -> str:
        return self.view.said.name

    @property
    def files(self) -> dict[str, str]:
        """Where this page is taken away as a file, by its form."""
        if self.view.row is None:
            return {form: reverse("web:figures_taken", args=[form]) for form in FILES}
        return {form: reverse("web:dashboard_taken", args=[self.view.uuid, form]) for form in FILES}

    @property
    def first(self) -> date:
        return self.asked.days.since

    @property
    def last(self) -> date:
        return self.asked.days.until - periods.ONE


def page(request: SignedIn, board: UUID | None) -> Page:
    """Raises NotAllowed, NotFound."""
    by = request.actor
    boards = queries.boards(by)
    view = queries.board(by, board) if board else queries.BoardView(None, Said(_("Dashboard"), SHIPPED))
    form = forms.Asking.of(by, request.GET, view.said.terms)
    terms = form.terms(view.said.terms)
    asked = asked_of(terms)
    wanted, trouble = view.said.shown, False
    try:
        found = queries.figures(by, wanted, asked)
    except Invalid:  # a kind that was taken out of use since the dashboard was kept
        found, trouble = [None] * len(wanted), True
    panels = tuple(_panel(one, what, asked) for one, what in zip(wanted, found, strict=True))
    query = request.GET.copy()
    query.pop("wall", None)
    may = view.row is not None and queries.may_change(by, view.row)
    return Page(view, boards, form, terms, asked, panels, query.urlencode(), may, trouble, by.may(Verb.LEAD))


def asked_of(terms: Terms) -> asking.Asked:
    """In the reader's zone, today."""
    zone = timezone.get_current_timezone()
    days = periods.stretch(terms.period, clock.now().astimezone(zone).date())
    place = UUID(terms.organisation) if terms.organisation else None
    return asking.Asked(days, zone, terms.compare, place, terms.kind, terms.grave, terms.definitions)


def _panel(tile: Tile, found: Found | None, asked: asking.Asked) -> Panel:
    title = labels.label("tile", tile.code)
    if found is None:
        return Panel(tile, title, None)
    headings = tuple(labels.label("figure_series", one.code) for one in found.series)
    rows = tuple(_row(line, found) for line in found.lines)
    timed = tile.by == By.TIME
    ends = (_day(found.lines[0].key), _day(found.lines[-1].key)) if timed and found.lines else ("", "")
    ways = _ways(asked.definitions) if tile.figure == Figure.TIMES else ()
    chart = drawing.columns(found) if timed else ""
    return Panel(tile, title, found, headings, rows, chart, ends, _list(found.filter), ways)


def _row(line: Line, found: Found) -> Row:
    filters = line.filters or ("",) * len(line.numbers)
    before = line.before or (None,) * len(line.numbers)
    said = tuple(
        Told(number(one, series), _list(text), number(was, series) if line.before and was is not None else "")
        for one, series, text, was in zip(line.numbers, found.series, filters, before, strict=True)
    )
    drawn = found.tile.by != By.TIME and found.tile.figure not in {Figure.TIMES}
    return Row(name_of(line, found.tile), said, drawing.bar(line, found) if drawn else "")


def name_of(line: Line, tile: Tile) -> str:
    if line.name:
        return line.name
    if tile.by == By.TIME:
        return _day(line.key)
    if tile.by == By.SPENT:
        kind, _colon, money = line.key.partition(":")
        return f"{labels.label('cost_kind', kind)}{bracketed(money)}"
    if tile.by == By.OWNER:
        return _("nobody")
    if tile.by == By.MEASURE:
        return labels.label("mean" if tile.figure == Figure.TIMES else "measure", line.key)
    return f"P{line.key} {labels.label('priority', line.key)}" if tile.by == By.PRIORITY else _word(tile.by, line.key)


def _word(by: By, key: str) -> str:
    return labels.label(WORDS[by], key) if by in WORDS else key


def number(found: Number, series: Series) -> str:
    if found is None:
        return _("unknown")
    if series.unit == Unit.PERCENT:
        return f"{found}%"
    return lasting(found) if series.unit == Unit.SECONDS else grouped(found)


def lasting(seconds: int) -> str:
    minutes = round(seconds / 60)
    if minutes < 24 * 60:
        return f"{minutes // 60}:{minutes % 60:02}"
    said = {"days": minutes // 1440, "hours": minutes % 1440 // 60}
    return _("%(days)s d %(hours)s h") % said


def _day(key: str) -> str:
    return day_of(date.fromisoformat(key), moments.local(clock.now()).date())


def _list(text: str) -> str:
    return f"{reverse('web:incidents')}?{urlencode({'filter': text})}" if text else ""


def _ways(code: str) -> tuple[str, ...]:
    meaning = definitions.chosen(code)
    return tuple(
        str(WAY) % {"name": labels.label("mean", mean), "start": _moments(way.start), "end": _moments(way.end)}
        for mean, way in meaning.means.items()
    )


def _moments(kinds: Sequence[str]) -> str:
    first, *others = (labels.label("moment", one) for one in kinds)
    return str(OTHERWISE) % {"one": first, "other": others[0]} if others else first


def set_name(terms: Terms) -> str:
    return definitions.chosen(terms.definitions).name(get_language() or "en")
