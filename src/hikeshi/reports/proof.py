"""What the report rests on: alerts, traces, files, and the ledger."""

from hikeshi.documents.tree import Block, Break, Cell, Column, Heading, Pairs, Paragraph, Span, Table, Tone
from hikeshi.incidents import queries as incidents
from hikeshi.phrases.incident_report import word
from hikeshi.phrases.labels import label
from hikeshi.reports import times
from hikeshi.reports.codes import State
from hikeshi.reports.material import Material


def traces(found: Material) -> tuple[Block, ...]:
    head = (Heading(word("traces")), Heading(word("alerts"), 2))
    return (*head, *_alerts(found), Heading(word("observables"), 2), *_observables(found))


def _alerts(found: Material) -> tuple[Block, ...]:
    total = found.alerts_total
    if found.alerts is None:
        return (Paragraph(word("alerts_hidden", count=total)),)
    if not found.alerts:
        return (Paragraph(word("no_alerts"), Tone.QUIET),)
    columns = (
        Column(word("severity"), 0.8),
        Column(word("source"), 1.1),
        Column(word("what"), 3),
        Column(word("times_seen"), 0.7),
        Column(word("first_and_last"), 1.6),
    )
    rows = tuple(
        (
            label("severity", one.severity),
            one.source,
            one.title,
            f"{one.count:,}",
            (times.plain(one.first_seen), times.plain(one.last_seen)),
        )
        for one in found.alerts
    )
    shown = Paragraph(word("alerts_more", shown=len(rows), total=total), Tone.QUIET)
    return (shown, Table(columns, rows))


def _observables(found: Material) -> tuple[Block, ...]:
    seen = found.room.observables
    if not seen:
        return (Paragraph(word("no_traces"), Tone.QUIET),)
    columns = (Column(word("type"), 1), Column(word("value"), 4), Column(word("since"), 1.4))
    rows = tuple((label("observable", one.type), one.value, times.plain(one.first_seen)) for one in seen)
    total = found.room.observables_total - len(found.room.assets)
    return (Paragraph(word("traces_more", shown=len(rows), total=total), Tone.QUIET), Table(columns, rows))


def attachments(found: Material) -> tuple[Block, ...]:
    blocks: list[Block] = [Heading(word("attachments"))]
    if not found.files and not found.room.links:
        blocks.append(Paragraph(word("no_files"), Tone.QUIET))
    if found.files:
        blocks += [Heading(word("files"), 2), _files(found)]
    if found.room.links:
        columns = (Column(word("name"), 1.5), Column(word("address"), 3))
        rows = tuple((one.title or "-", one.url) for one in found.room.links)
        blocks += [Heading(word("links"), 2), Table(columns, rows)]
    return tuple(blocks)


def _files(found: Material) -> Table:
    columns = (
        Column(word("name"), 2.2),
        Column(word("size"), 0.9),
        Column(word("sha256"), 2.6),
        Column(word("stated"), 1.4),
    )
    return Table(columns, tuple(_file(one) for one in found.files))


def _file(one: incidents.FileView) -> tuple[Cell, ...]:
    name: Cell = one.name
    if one.removed_at is not None:
        name = (one.name, Span(word("file_removed", reason=one.removed_because or "-"), Tone.GAP))
    return (name, f"{one.size:,}", one.sha256, (one.added_by, Span(times.plain(one.added_at), Tone.QUIET)))


def proof(found: Material) -> tuple[Block, ...]:
    issued = "proof_draft" if found.state is State.DRAFT else "proof_issued"
    rows: tuple[tuple[str, Cell], ...] = (
        (word("ledger_number"), str(found.standing.number)),
        (word("ledger_hash"), found.standing.hash),
        (word("ledger_signed"), found.standing.signed),
    )
    head = (Break(), Heading(word("proof")))
    return (*head, Paragraph(word("proof_said")), Pairs(rows), Paragraph(word("proof_how")), Paragraph(word(issued)))
