"""The list of incidents: what was asked, in which order, under which headings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import Incident
from hikeshi.incidents.readings import group as phase_words
from hikeshi.kernel.paging import Page, paginate
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.lists import conditions, queries
from hikeshi.lists.codes import USUAL, Column, Group, Order, is_column
from hikeshi.lists.conditions import Conditions
from hikeshi.lists.terms import Looks
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.service_levels import queries as service_levels
from hikeshi.web import readings
from hikeshi.web.access import SignedIn
from hikeshi.web.filtering import LIMIT, Tab, cursor_of
from hikeshi.web.filters import answers, words
from hikeshi.web.filters.builder import address
from hikeshi.web.incidents import forms


@dataclass(frozen=True, slots=True)
class Line:
    """A record; ``heading``, with how many stand under it, where another group begins."""

    record: Incident
    heading: str = ""
    many: int = 0


SORTS: Final[Mapping[str, Mapping[str, str]]] = {
    "priority": {Order.PRIORITY: "ascending"},
    Column.LEFT: {Order.DUE: "ascending"},
    Column.OPENED: {Order.NEWEST: "descending", Order.OLDEST: "ascending"},
    Column.UPDATED: {Order.UPDATED: "descending"},
}
"""By which orders a column sorts, and what each is to it."""


@dataclass(frozen=True, slots=True)
class Heading:
    """Of a column. ``query`` sorts by it, or the other way round; empty where nothing sorts by it. ``sort``: how it is
    sorted by it now.
    """

    code: str
    word: str
    query: str = ""
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """``text``: the filter as the address or the opened filter says it. ``trouble``: why it cannot be asked."""

    shelf: queries.Shelf
    opened: queries.Kept | None
    text: str
    meant: Conditions
    looks: Looks
    trouble: str = ""

    @property
    def changed(self) -> bool:
        """Something else is asked than the opened filter says."""
        return self.opened is not None and self.text != self.opened.terms.conditions


def asked_of(request: SignedIn) -> Asked:
    """Raises NotFound for a filter the reader is not offered."""
    shelf = queries.shelf(request.actor)
    opened = shelf.one(_uuid(request.GET["saved"])) if request.GET.get("saved") else None
    text = request.GET.get("filter", opened.terms.conditions if opened else "")
    usual = opened.terms.looks if opened else Looks()
    columns = tuple(one for one in request.GET.get("columns", "").split(",") if is_column(one))
    looks = Looks(
        columns or usual.columns or shelf.looks.columns or USUAL,
        usual.order or shelf.looks.order,
        usual.group or shelf.looks.group,
    )
    try:
        return Asked(shelf, opened, text, conditions.parse(text), looks)
    except Invalid as refusal:
        return Asked(shelf, opened, text, Conditions(), looks, sentences.sentence(refusal))


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("filter") from error


def listed(request: SignedIn) -> dict[str, object]:
    """All that the page shows."""
    asked, reading = asked_of(request), readings.chosen(request)
    filters = forms.Filters(started(request.GET, asked), reading=reading)
    grouping, trouble = _found(request, filters, asked)
    page = paginate(grouping.rows, order=grouping.order, cursor=cursor_of(request), limit=LIMIT)
    phases = phase_words(reading)
    named = answers.named(request.actor, list(asked.meant))
    columns = _columns_of(asked.looks)
    return {
        "filters": filters,
        "page": page,
        "next": filters.next_query(page.next),
        "lines": list(_lines(page, grouping, phases)),
        "too_many": grouping.refused,
        "columns": columns,
        "answers": answers.shown(asked.looks.columns, page.items),
        "by_priority": _heading_of(filters, "priority", _("Priority")),
        "headings": [_heading_of(filters, code, word) for code, word in columns],
        "span": len(columns) + (3 if request.actor.may(Verb.WORK) else 2),
        "asked": asked,
        "trouble": asked.trouble or trouble,
        "said": words.sentence(asked.meant, named, phases),
        "shelf": list(tabs_of(asked)),
        "build": address(asked.meant, _carried(filters)),
        "may_change": request.actor.may(Verb.WORK),
        "whole_query": filters.query(all="1"),
        "phases": phases,
        **_deadlines(request, page.items),
    }


def _columns_of(looks: Looks) -> list[tuple[str, str]]:
    """With their words. A question that is gone has none, and is left out."""
    usual = {one.value: labels.label("list_column", one) for one in Column}
    words = {**usual, **answers.headings(looks.columns)}
    return [(one, words[one]) for one in looks.columns if one in words]


def _heading_of(filters: forms.Filters, code: str, word: str) -> Heading:
    """The next order of its own after the one in force, else the first."""
    orders = SORTS.get(code)
    if orders is None:
        return Heading(code, word)
    now, ways = filters.ordered_by, list(orders)
    wanted = ways[(ways.index(Order(now)) + 1) % len(ways)] if now in orders else ways[0]
    return Heading(code, word, filters.query(order=wanted), orders.get(now, ""))


def started(sent: QueryDict, asked: Asked) -> QueryDict:
    """What the address leaves open, as the opened filter and the reader have it. A filter says by itself which records
    it means, closed ones too.
    """
    said = sent.copy()
    if asked.text and not said.get("status"):
        said["status"] = "all"
    for name, usual in (("order", asked.looks.order), ("group", asked.looks.group)):
        if usual and name not in said:
            said[name] = usual
    return said


def meant_by(request: SignedIn, filters: forms.Filters, asked: Asked) -> tuple[QuerySet[Incident], str]:
    """The records, and why there are none where the filter cannot be asked."""
    trouble = asked.trouble
    try:
        rows = _narrowed(request, filters, asked.meant)
    except Invalid as refusal:
        rows, trouble = incidents.incidents(request.actor), sentences.sentence(refusal)
    return rows.none() if trouble else rows, trouble


def _found(request: SignedIn, filters: forms.Filters, asked: Asked) -> tuple[queries.Grouping, str]:
    rows, trouble = meant_by(request, filters, asked)
    rows = incidents.brief(rows)
    if Column.ORGANISATION in asked.looks.columns:
        rows = rows.select_related("owner", "organisation")
    return queries.grouped(rows, filters.ordered_by, filters.grouped_by), trouble


def _narrowed(request: SignedIn, filters: forms.Filters, meant: Conditions) -> QuerySet[Incident]:
    rows = incidents.incidents(request.actor, **filters.wanted)
    rows = service_levels.stuck(rows, filters.stuck_for) if filters.stuck_for else rows
    return queries.narrowed(rows, meant, by=request.actor, zone=timezone.get_current_timezone())


def whole(request: SignedIn) -> QuerySet[Incident]:
    """All that the list means, without headings. Raises Invalid where its filter cannot be asked: an empty answer would
    be taken for all there is.
    """
    asked = asked_of(request)
    filters = forms.Filters(started(request.GET, asked), reading=readings.chosen(request))
    return _narrowed(request, filters, conditions.parse(asked.text))


def _carried(filters: forms.Filters) -> dict[str, str]:
    kept = ("saved", "status", "order", "group", "columns")
    return {name: str(filters.data[name]) for name in kept if filters.data.get(name)}


def _lines(page: Page[Incident], grouping: queries.Grouping, phases: str) -> Iterator[Line]:
    last = None
    for record in page.items:
        key = queries.key_of(record, grouping.group) if grouping.group else None
        if key == last:
            yield Line(record)
        else:
            yield Line(record, _heading(record, grouping.group, phases), grouping.counts.get(key or "", 0))
        last = key


def _heading(record: Incident, group: str, phases: str) -> str:
    if group == Group.OWNER:
        return record.owner.name if record.owner else _("Nobody")
    code = queries.key_of(record, group)
    return labels.label({Group.KIND: "kind", Group.PRIORITY: "priority"}.get(Group(group), phases), code)


def tabs_of(asked: Asked) -> Iterator[Tab]:
    """The filters that are kept: one's own first, then the team's, then everybody's."""
    rank = {"mine": 0, "team": 1, "everyone": 2}
    for one in sorted(asked.shelf.kept, key=lambda one: rank[one.audience]):
        here = asked.opened is not None and asked.opened.uuid == one.uuid
        yield Tab(one.name, f"saved={one.uuid}", here)


def _deadlines(request: SignedIn, records: Sequence[Incident]) -> dict[str, object]:
    """For the lines of a page, and how many are stuck in all."""
    count, exact = service_levels.stuck_count(request.actor)
    chips = service_levels.chips(records)
    there = {"unread": incidents.unread(records), "present": incidents.present_in(request.actor, records)}
    return {"chips": chips, "stuck_count": count, "stuck_exact": exact, **there}
