"""The head of the first page, and the summary."""

from hikeshi.documents.tree import Block, Cell, Front, Heading, Notice, Paragraph, Span, Tone
from hikeshi.kernel.worlds import World
from hikeshi.phrases.incident_report import word
from hikeshi.phrases.labels import label
from hikeshi.reports import times, wording
from hikeshi.reports.material import Material


def front(found: Material) -> Front:
    return Front(
        kind=word("kind"),
        title=found.incident.title,
        state=label("report_state", found.state),
        above=(
            word("number", ref=found.incident.ref),
            times.dated(found.made_at),
            found.site,
            word("made_by", name=found.made_by),
        ),
        rows=_about(found),
    )


def marking(found: Material) -> str:
    """On every page."""
    incident = found.incident
    parts = [label("tlp", incident.tlp)]
    if incident.world != World.REAL:
        parts.insert(0, label("world", incident.world))
    return " / ".join(parts)


def _about(found: Material) -> tuple[tuple[str, Cell], ...]:
    incident = found.incident
    owner: Cell = incident.owner.name if incident.owner else Span(word("nobody"), Tone.GAP)
    return (
        (word("organisation"), incident.organisation.name),
        (word("class"), label("shown_class", incident.shown_class)),
        (word("record_kind"), wording.kind(incident)),
        (word("priority"), _priority(found)),
        (word("status"), _status(found)),
        (word("owner"), owner),
        (word("opened"), times.whole(incident.opened_at)),
        (word("as_of"), times.whole(found.made_at)),
        (word("marking"), label("tlp", incident.tlp)),
    )


def _priority(found: Material) -> Cell:
    incident = found.incident
    reason = label("priority_reason", incident.priority_reason)
    return (f"P{incident.priority} {label('priority', incident.priority)}", Span(reason, Tone.QUIET))


def _status(found: Material) -> str:
    incident = found.incident
    status = label("status", incident.status)
    return f"{status} / {label('phase', incident.phase)}" if incident.status == "open" else status


def summary(found: Material) -> tuple[Block, ...]:
    incident = found.incident
    blocks: list[Block] = [Heading(word("summary"))]
    if incident.world != World.REAL:
        blocks.append(Notice(word("not_real", world=label("world", incident.world))))
    if incident.restricted:
        blocks.append(Notice(word("restricted")))
    blocks.append(Heading(word("reported"), 2))
    blocks.append(_words(wording.unmarked(incident.description) if found.marked else incident.description))
    blocks.append(Heading(word("resolution"), 2))
    blocks.append(_resolution(found))
    return tuple(blocks)


def _resolution(found: Material) -> Paragraph:
    open_still = found.incident.status == "open" and not found.incident.resolution.strip()
    return Paragraph(word("not_yet"), Tone.QUIET) if open_still else _words(found.incident.resolution)


def _words(text: str) -> Paragraph:
    return Paragraph(text) if text.strip() else Paragraph(word("unset"), Tone.GAP)
