"""What is known: the facts sheet, the extent, the cause."""

from django.utils.translation import get_language

from hikeshi.documents.tree import Block, Cell, Column, Heading, Pairs, Paragraph, Span, Table, Tone
from hikeshi.forms.definitions import FieldKind
from hikeshi.forms.queries import Told
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import Certainty
from hikeshi.phrases.incident_report import word
from hikeshi.phrases.labels import label
from hikeshi.reports import times, wording
from hikeshi.reports.material import Material

EXTENT = ("damage", "systems", "organisations")
CAUSE = ("cause", "why", "how")


def facts(found: Material) -> tuple[Block, ...]:
    sheet = found.room.completeness
    counts = {"known": sheet.known, "total": sheet.total, "unknown": sheet.unknown, "gaps": len(sheet.gaps)}
    columns = (
        Column(word("item"), 1.5),
        Column(word("what_is_known"), 3.45),
        Column(word("certainty"), 1.05),
        Column(word("stated"), 1.6),
    )
    rows = tuple(
        (label("fact_item", one.key), value(found, one), _certainty(one), _by(one)) for one in found.room.sheet
    )
    return (Heading(word("facts")), Paragraph(word("sheet_state", **counts), Tone.QUIET), Table(columns, rows))


def told(found: Material) -> tuple[Block, ...]:
    """What a form of the site asked, in the report's language; nothing where none was used."""
    language = (get_language() or "ja")[:2]
    pairs = tuple((one.label.said(language), _answer(one, language)) for one in found.told)
    return (Heading(word("told"), 2), Pairs(pairs)) if pairs else ()


def _answer(one: Told, language: str) -> str:
    said = [text.said(language) for text in one.answers]
    if one.kind is FieldKind.YES_NO:
        said = [label("yes_no", text) for text in said]
    return ", ".join(said)


def value(found: Material, line: incidents.SheetLine) -> Cell:
    """What stands there; unknown is written out, and so is what nobody has stated."""
    if line.certainty is None:
        return Span(word("unstated"), Tone.GAP)
    if line.derived:
        return _derived(found, line.key)
    if line.certainty is Certainty.UNKNOWN:
        unknown = Span(word("unknown"), Tone.GAP)
        return (unknown, line.value) if line.value else unknown
    return line.value


def _derived(found: Material, key: str) -> Cell:
    if key == "kind":
        return wording.kind(found.incident)
    recorded = [one for one in found.room.moments if one.at is not None and one.kind in {"occurred", "detected"}]
    return tuple(f"{label('moment', one.kind)}: {times.whole(one.at)}" for one in recorded if one.at)


def _certainty(line: incidents.SheetLine) -> Cell:
    return label("certainty", line.certainty) if line.certainty is not None else Span("-", Tone.QUIET)


def _by(line: incidents.SheetLine) -> Cell:
    if line.derived:
        return Span(word("from_record"), Tone.QUIET)
    return (line.set_by, Span(times.plain(line.set_at), Tone.QUIET)) if line.set_at else Span("-", Tone.QUIET)


def extent(found: Material) -> tuple[Block, ...]:
    incident = found.incident
    levels = tuple((name, label(group, getattr(incident, group))) for group, name in _levels())
    known = _stated(found, EXTENT)
    blocks: list[Block] = [Heading(word("impact")), Pairs((*levels, *known)), Heading(word("assets"), 2)]
    if not found.room.struck.linked and not found.room.assets:
        return (*blocks, Paragraph(word("no_assets"), Tone.GAP))
    if found.room.struck.linked:
        blocks.append(_register(found))
    if found.room.assets:
        blocks.append(_named(found))
    return tuple(blocks)


def _register(found: Material) -> Table:
    """Assets of the register, the gravest first."""
    columns = (
        Column(label("asset_field", "name"), 2.2),
        Column(label("asset_field", "criticality"), 0.9),
        Column(label("asset_field", "owner"), 1.4),
        Column(label("asset_field", "data"), 1.9),
    )
    return Table(columns, tuple(_asset(one) for one in found.room.struck.linked))


def _asset(line: incidents.AssetLine) -> tuple[Cell, ...]:
    asset = line.asset
    owners = [name for name in (asset.owner and asset.owner.name, asset.team and asset.team.name) if name]
    held = [label("asset_data", one) for one in asset.data]
    return (
        asset.name,
        label("criticality", str(asset.criticality)),
        " / ".join(owners) or Span(word("unknown"), Tone.GAP),
        ", ".join(held) or Span("-", Tone.QUIET),
    )


def _named(found: Material) -> Table:
    """What alerts call the things that are hit."""
    columns = (Column(word("type"), 1.0), Column(word("value"), 3.0), Column(word("since"), 1.4))
    rows = tuple((label("observable", one.type), one.value, times.plain(one.first_seen)) for one in found.room.assets)
    return Table(columns, rows)


def _levels() -> tuple[tuple[str, str], ...]:
    return tuple((name, label("level_name", name)) for name in ("impact", "effect", "urgency"))


def cause(found: Material) -> tuple[Block, ...]:
    return (Heading(word("cause")), Pairs(_stated(found, CAUSE)))


def _stated(found: Material, keys: tuple[str, ...]) -> tuple[tuple[str, Cell], ...]:
    lines = {one.key: one for one in found.room.sheet}
    return tuple((label("fact_item", key), _sure(found, lines[key])) for key in keys if key in lines)


def _sure(found: Material, line: incidents.SheetLine) -> Cell:
    """A guess is called one wherever it is repeated."""
    shown = value(found, line)
    unsure = line.certainty in {Certainty.ESTIMATED, Certainty.UNCONFIRMED}
    if unsure and isinstance(shown, str):
        return (shown, Span(label("certainty", str(line.certainty)), Tone.QUIET))
    return shown
