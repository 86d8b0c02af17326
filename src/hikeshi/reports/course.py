"""How it went: times, phases, timeline, decisions."""

from hikeshi.documents.tree import Block, Cell, Column, Heading, Notice, Paragraph, Span, Table, Text, Tone
from hikeshi.incidents import queries as incidents
from hikeshi.incidents import readings
from hikeshi.incidents.codes import MomentKind
from hikeshi.incidents.moments import Oddity
from hikeshi.phrases.incident_report import word
from hikeshi.phrases.labels import label
from hikeshi.reports import business, times, wording
from hikeshi.reports.material import Material

BEFORE_ANYTHING = frozenset({MomentKind.OCCURRED, MomentKind.DETECTED})


def when(found: Material) -> tuple[Block, ...]:
    columns = (Column(word("moment"), 1.2), Column(_time(found), 2.2), Column(word("source"), 2.0))
    rows = tuple((label("moment", one.kind), _moment(found, one), _source(one)) for one in found.room.moments)
    odd = tuple(
        Notice(word("odd_future", moment=label("moment", one.kind)))
        if one.oddity is Oddity.FUTURE
        else Notice(word("odd_before", moment=label("moment", one.kind), other=label("moment", one.other or "")))
        for one in found.room.oddities
    )
    moments = Heading(word("moments"), 2)
    return (Heading(word("times")), moments, Table(columns, rows), *odd, *_phases(found))


def _time(found: Material) -> str:
    return f"{word('time')} {times.zone_at(found.made_at)}"


def _moment(found: Material, line: incidents.MomentLine) -> Cell:
    """What must have been and has no time is unknown; what may still come is not yet."""
    if line.at is None:
        past = line.kind in BEFORE_ANYTHING or found.incident.status == "closed"
        return times.known(None) if past else Span(word("not_yet"), Tone.QUIET)
    shown = times.plain(line.at)
    now: Text = word("estimated", time=shown) if line.estimated else shown
    if not line.before:
        return now
    before = ", ".join(times.plain(one.at) for one in line.before)
    return (now, Span(word("corrected", before=before), Tone.QUIET))


def _source(line: incidents.MomentLine) -> Cell:
    if line.at is None:
        return ""
    who = line.set_by if not line.set_by.startswith("system:") else label("desk", line.set_by.partition(":")[2])
    return (label("moment_source", line.source), Span(who, Tone.QUIET))


def _phases(found: Material) -> tuple[Block, ...]:
    own = found.reading == readings.OWN
    name = word("own_reading") if own else label("reading", found.reading)
    head = Heading(word("phases", course=label("course", found.incident.course), reading=name), 2)
    read = () if own else (Column(word("read_as"), 1.7),)
    columns = (
        Column(word("phase"), 1.2),
        *read,
        Column(word("state"), 0.9),
        Column(word("began"), 2),
        Column(word("ended"), 2),
        Column(word("owner"), 1.3),
    )
    return (head, Table(columns, tuple(_phase(found, one, own=own) for one in found.room.phases)))


def _phase(found: Material, one: incidents.PhaseView, *, own: bool) -> tuple[Cell, ...]:
    read = () if own else (label(readings.group(found.reading), one.code),)
    began = times.plain(one.started_at) if one.started_at else "-"
    ended = times.plain(one.ended_at) if one.ended_at else "-"
    state = label("phase_state", one.state)
    return (
        Span(label("phase", one.code), Tone.STRONG),
        *read,
        state,
        began,
        ended,
        one.owner.name if one.owner else "-",
    )


def decisions(found: Material) -> tuple[Block, ...]:
    decided = [line for line in found.lines if line.kind is incidents.LineKind.DECISION]
    asked = business.asked(found)
    head = (Heading(word("decisions")), *asked)
    if not decided:
        return head if asked else (*head, Paragraph(word("no_decisions"), Tone.QUIET))
    beneath = (Heading(word("decided_otherwise"), 2),) if asked else ()
    columns = (Column(word("time"), 1.7), Column(word("who"), 1.2), Column(word("what"), 4.2))
    rows = tuple((times.plain(one.at), one.actor_name, _said(one)) for one in decided)
    return (*head, *beneath, Table(columns, rows))


def timeline(found: Material) -> tuple[Block, ...]:
    said = word("timeline_said", zone=times.zone_at(found.made_at), count=len(found.lines))
    blocks: list[Block] = [Heading(word("timeline")), Paragraph(said, Tone.QUIET)]
    if found.left_out:
        blocks.append(Notice(word("timeline_cut", count=found.left_out)))
    columns = (
        Column(word("entry"), 0.95),
        Column(word("time"), 1.85),
        Column(word("sort"), 0.85),
        Column(word("who"), 1.2),
        Column(word("what"), 3.85),
    )
    rows = tuple(
        (str(one.number), times.plain(one.at), label("timeline_kind", one.kind), one.actor_name, _said(one))
        for one in found.lines
    )
    return (*blocks, Table(columns, rows))


def _said(line: incidents.TimelineLine) -> Cell:
    tone = Tone.STRONG if line.kind is incidents.LineKind.DECISION else Tone.PLAIN
    parts: list[Text] = [Span(line.sentence, tone)]
    if line.detail:
        parts.append(wording.unmarked(line.detail) if line.markdown else line.detail)
    if line.was:
        parts.append(Span(word("was", text=line.was), Tone.QUIET))
    return tuple(parts)
