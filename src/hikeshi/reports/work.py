"""What is done about it: tasks, measures, open points, people."""

from collections.abc import Sequence

from hikeshi.documents.tree import Block, Cell, Column, Heading, Paragraph, Span, Table, Text, Tone
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import LEARN, Certainty
from hikeshi.phrases import refusals
from hikeshi.phrases.incident_report import word
from hikeshi.phrases.labels import label
from hikeshi.reports import business, times
from hikeshi.reports.course import BEFORE_ANYTHING
from hikeshi.reports.material import Material

FEW = 10
"""Open tasks named among the open points; all of them stand with the tasks."""


def actions(found: Material) -> tuple[Block, ...]:
    rows = [one for one in found.room.tasks if one.phase != LEARN]
    nothing = Paragraph(word("no_tasks"), Tone.QUIET)
    return (Heading(word("actions")), _tasks(rows) if rows else nothing)


def measures(found: Material) -> tuple[Block, ...]:
    """Tasks of the phase of lessons: what keeps it from happening again."""
    rows = [one for one in found.room.tasks if one.phase == LEARN]
    nothing = Paragraph(word("no_measures", phase=label("phase", LEARN)), Tone.GAP)
    return (Heading(word("measures")), _tasks(rows) if rows else nothing)


def _tasks(rows: Sequence[incidents.Task]) -> Table:
    columns = (
        Column(word("task"), 3.4),
        Column(word("phase"), 1.0),
        Column(word("owner"), 1.2),
        Column(word("due"), 1.4),
        Column(word("done"), 1.4),
    )
    return Table(columns, tuple(_task(one) for one in rows))


def _task(one: incidents.Task) -> tuple[Cell, ...]:
    due = times.plain(one.due_at) if one.due_at else word("no_due")
    owner: Cell = one.owner.name if one.owner else Span(word("nobody"), Tone.GAP)
    phase = label("phase", one.phase) if one.phase else "-"
    return (one.title, phase, owner, due, times.known(one.done_at, "not_done"))


def open_points(found: Material) -> tuple[Block, ...]:
    """Whatever a reader might take for settled and is not."""
    rows = (
        *_gates(found),
        *business.open_decisions(found),
        *_open_tasks(found),
        *_open_facts(found),
        *_open_times(found),
    )
    head = Heading(word("open_points"))
    if not rows:
        return (head, Paragraph(word("nothing_open")))
    return (head, Table((Column(word("sort"), 1.5), Column(word("point"), 4)), rows))


Row = tuple[Cell, ...]


def _gates(found: Material) -> tuple[Row, ...]:
    if found.incident.status == "closed":
        return ()
    return tuple((word("gate_missing"), refusals.missing(code)) for code in found.room.closing)


def _open_tasks(found: Material) -> tuple[Row, ...]:
    waiting = [one for one in found.room.tasks if one.done_at is None]
    if not waiting:
        return ()
    said: list[Text] = [part for one in waiting[:FEW] for part in (one.title, Span(_by_when(one), Tone.QUIET))]
    if len(waiting) > FEW:
        said.append(Span(word("and_more", count=len(waiting) - FEW), Tone.STRONG))
    return ((word("task_open"), tuple(said)),)


def _by_when(one: incidents.Task) -> str:
    due = times.whole(one.due_at) if one.due_at else word("no_due")
    return word("by_when", who=one.owner.name if one.owner else word("nobody"), time=due)


_SORTS = {
    None: "fact_gap",
    Certainty.UNKNOWN: "fact_unknown",
    Certainty.ESTIMATED: "fact_unsure",
    Certainty.UNCONFIRMED: "fact_unsure",
}


def _open_facts(found: Material) -> tuple[Row, ...]:
    sorts: dict[str, list[Text]] = {}
    for one in found.room.sheet:
        if one.certainty in _SORTS:
            sorts.setdefault(_SORTS[one.certainty], []).append(label("fact_item", one.key))
    return tuple((word(sort), tuple(items)) for sort, items in sorts.items())


def _open_times(found: Material) -> tuple[Row, ...]:
    """Those that must have been, and nobody has said when; those still to come are no gap."""
    missing = [one for one in found.room.moments if one.at is None and one.kind in BEFORE_ANYTHING]
    return tuple((word("time_unknown"), label("moment", one.kind)) for one in missing)


def people(found: Material) -> tuple[Block, ...]:
    columns = (Column(word("name"), 2), Column(word("role"), 2), Column(word("since"), 2))
    owner = found.incident.owner
    first: tuple[Row, ...] = ()
    if owner is not None:
        first = ((owner.name, word("owner"), times.known(found.incident.owner_since)),)
    rest = tuple((one.person.name, label("role", one.role), times.plain(one.added_at)) for one in found.room.people)
    head = Heading(word("people"))
    rows = (*first, *rest)
    return (head, Table(columns, rows)) if rows else (head, Paragraph(word("nobody"), Tone.GAP))
