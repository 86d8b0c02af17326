"""A document as Word: real heading styles, header rows that repeat, fonts named for Japanese and Latin letters each.

Rows are written as XML: asking python-docx for each cell of a long table takes minutes.
"""

import io
from collections.abc import Iterable
from datetime import UTC
from typing import Final

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement as Element
from docx.section import _Footer, _Header
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from hikeshi.documents.pdf import KEPT_WHOLE, turn
from hikeshi.documents.texts import visible
from hikeshi.documents.tree import (
    Bars,
    Block,
    Break,
    Bullets,
    Cell,
    Column,
    Document,
    Heading,
    Notice,
    Pairs,
    Paragraph,
    Span,
    Table,
    Tone,
    numbers,
    spans,
)

LATIN: Final = "Yu Gothic"
JAPANESE: Final = "Yu Gothic"
COMPLEX: Final = "Arial"
"""For Arabic, Hebrew and their like, which the Japanese font has no letter of."""
WIDTH: Final = 9_526
"""Of the text on an A4 page with our margins, in twentieths of a point."""
PROPERTY: Final = 255
"""Letters a property of the file may have."""
NAME_SHARE: Final = 0.3
INK: Final = {Tone.QUIET: "555555", Tone.GAP: "8A3B00"}
GROUND: Final = "EEF0F3"
NOTICE_GROUND: Final = "FFF6E5"


def render(document: Document) -> bytes:
    """Raises DocumentBusy."""
    with turn():
        word = docx.Document()
        _styles(word, document)
        _page(word, document)
        _front(word, document)
        for block, number in zip(document.blocks, numbers(document.blocks), strict=True):
            _block(word, block, number)
        file = io.BytesIO()
        word.save(file)
        return file.getvalue()


def _styles(word: WordFile, document: Document) -> None:
    about = word.core_properties
    about.title, about.author = _one_line(document.title)[:PROPERTY], _one_line(document.author)[:PROPERTY]
    about.keywords, about.comments = ", ".join(map(_one_line, document.keywords))[:PROPERTY], ""
    about.language = document.language
    about.created = about.modified = document.made_at.astimezone(UTC).replace(tzinfo=None)
    about.last_modified_by = about.author
    sizes = {"Normal": 10.0, "Title": 17.0, "Subtitle": 12.0, "Heading 1": 13.0, "Heading 2": 11.0, "List Bullet": 10.0}
    for name, size in {**sizes, "Header": 8.0, "Footer": 8.0}.items():
        style = word.styles[name]
        if isinstance(style, ParagraphStyle):
            style.font.size, style.font.name, style.font.italic = Pt(size), LATIN, False
            style.font.color.rgb = RGBColor(0, 0, 0)
            _fonts(style.element.get_or_add_rPr())
    spacing = word.styles["Normal"].paragraph_format
    spacing.space_after, spacing.space_before, spacing.line_spacing = Pt(4), Pt(0), 1.15
    for name, before in (("Heading 1", 16), ("Heading 2", 10)):
        shape = word.styles[name].paragraph_format
        shape.space_before, shape.space_after, shape.keep_with_next = Pt(before), Pt(5), True
    for name in ("Title", "Heading 1"):
        _underline(word.styles[name].element.get_or_add_pPr(), wanted=name == "Heading 1")


def _fonts(properties: Element) -> None:
    """Word and LibreOffice take Japanese letters from ``eastAsia`` alone; a theme's font would win over both. Latin
    letters are English in either: as Japanese they would be broken within a word or a time of day.
    """
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for name, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", COMPLEX), ("eastAsia", JAPANESE)):
        fonts.set(qn(f"w:{name}"), font)
    spoken = properties.find(qn("w:lang"))
    if spoken is None:
        spoken = OxmlElement("w:lang")
        properties.append(spoken)
    spoken.set(qn("w:val"), "en-GB")
    spoken.set(qn("w:eastAsia"), "ja-JP")


def _underline(properties: Element, *, wanted: bool) -> None:
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if wanted:
        border = OxmlElement("w:pBdr")
        border.append(_made("w:bottom", val="single", sz="6", space="2", color="000000"))
        properties.insert_element_before(
            border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
        )


def _page(word: WordFile, document: Document) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(22), Mm(20)
    section.top_margin, section.bottom_margin = Mm(25), Mm(22)
    section.header_distance = section.footer_distance = Mm(11)
    head = _sides(section.header, document.running)
    head.add_run(_one_line(document.marking)).bold = True
    foot = _sides(section.footer, document.foot)
    for piece in document.page.replace("{n}", "\0PAGE\0").replace("{m}", "\0NUMPAGES\0").split("\0"):
        if piece in {"PAGE", "NUMPAGES"}:
            foot._p.append(_made("w:fldSimple", instr=f" {piece} "))
        elif piece:
            foot.add_run(piece)


def _sides(place: "_Header | _Footer", left: str) -> WordParagraph:
    """A line with something at its left and, after the tab, something at its right."""
    line: WordParagraph = place.paragraphs[0]
    line.paragraph_format.tab_stops.clear_all()
    tabs = line._p.get_or_add_pPr()
    stops = OxmlElement("w:tabs")
    for old in (4680, 9360, 4320, 8640):  # the template's own stops, centre and right
        stops.append(_made("w:tab", val="clear", pos=str(old)))
    stops.append(_made("w:tab", val="right", pos=str(WIDTH)))
    tabs.append(stops)
    line.add_run(_one_line(left) + "\t")
    return line


def _front(word: WordFile, document: Document) -> None:
    front = document.front
    for text in front.above:
        word.add_paragraph(_one_line(text)).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    head = word.add_paragraph(_one_line(front.kind), style="Title")
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    head.runs[0].bold = True
    state = word.add_paragraph()
    state.alignment = WD_ALIGN_PARAGRAPH.CENTER
    state.add_run(f"[ {_one_line(front.state)} ]").bold = True
    about = word.add_paragraph(_one_line(front.title), style="Subtitle")
    about.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for run in about.runs:
        run.bold = True
    _pairs(word, front.rows)


def _block(word: WordFile, block: Block, number: str) -> None:
    match block:
        case Heading() | Paragraph() | Notice():
            _said(word, block, number)
        case Pairs():
            _pairs(word, block.rows)
        case Table():
            _grid(word, block.columns, block.rows)
        case Bullets():
            _bullets(word, block)
        case Bars():
            _pairs(word, tuple((name, text) for name, _share, text in block.rows))
        case Break():
            word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _said(word: WordFile, block: Heading | Paragraph | Notice, number: str) -> None:
    if isinstance(block, Heading):
        word.add_heading(f"{number} {_one_line(block.text)}", level=block.level)
    elif isinstance(block, Paragraph):
        word.element.body.insert_element_before(_paragraph(Span(block.text, block.tone)), "w:sectPr")
    else:
        _table(word, (WIDTH,), [_row([(Span(block.text),)], (WIDTH,), grounds=(NOTICE_GROUND,))])


def _bullets(word: WordFile, block: Bullets) -> None:
    for one in block.items:
        word.add_paragraph(visible(spans(one)[0].text), style="List Bullet")


def _pairs(word: WordFile, rows: Iterable[tuple[str, Cell]]) -> None:
    widths = (int(WIDTH * NAME_SHARE), WIDTH - int(WIDTH * NAME_SHARE))
    named = [((Span(name, Tone.STRONG),), spans(cell)) for name, cell in rows]
    _table(word, widths, [_row(cells, widths, grounds=(GROUND, "")) for cells in named])


def _grid(word: WordFile, columns: tuple[Column, ...], rows: Iterable[tuple[Cell, ...]]) -> None:
    whole = sum(column.share for column in columns)
    widths = tuple(int(WIDTH * column.share / whole) for column in columns)
    titles = [(Span(column.title, Tone.STRONG),) for column in columns]
    head = _row(titles, widths, grounds=(GROUND,) * len(columns), head=True)
    _table(word, widths, [head, *(_row([spans(cell) for cell in row], widths) for row in rows)])


def _table(word: WordFile, widths: tuple[int, ...], rows: Iterable[Element]) -> None:
    table = OxmlElement("w:tbl")
    properties = OxmlElement("w:tblPr")
    properties.append(_made("w:tblW", w=str(WIDTH), type="dxa"))
    properties.append(_made("w:tblInd", w="0", type="dxa"))
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_made(f"w:{side}", val="single", sz="4", space="0", color="9A9A9A"))
    properties.append(borders)
    properties.append(_made("w:tblLayout", type="fixed"))
    margins = OxmlElement("w:tblCellMar")
    for side, size in (("top", "40"), ("left", "100"), ("bottom", "40"), ("right", "100")):
        margins.append(_made(f"w:{side}", w=size, type="dxa"))
    properties.append(margins)
    grid = OxmlElement("w:tblGrid")
    grid.extend([_made("w:gridCol", w=str(width)) for width in widths])
    table.append(properties)
    table.append(grid)
    table.extend(list(rows))
    word.element.body.insert_element_before(table, "w:sectPr")
    word.add_paragraph().paragraph_format.space_after = Pt(2)  # two tables on end would become one


def _row(
    cells: Iterable[tuple[Span, ...]], widths: tuple[int, ...], *, grounds: tuple[str, ...] = (), head: bool = False
) -> Element:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    found = list(cells)
    if sum(len(span.text) for cell in found for span in cell) < KEPT_WHOLE:
        properties.append(OxmlElement("w:cantSplit"))
    if head:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    for place, cell in enumerate(found):
        row.append(_cell(cell, widths[place], grounds[place] if grounds else ""))
    return row


def _cell(cell: tuple[Span, ...], width: int, ground: str) -> Element:
    found = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    properties.append(_made("w:tcW", w=str(width), type="dxa"))
    if ground:
        properties.append(_made("w:shd", val="clear", color="auto", fill=ground))
    found.append(properties)
    found.extend([_paragraph(span, tight=True) for span in cell or (Span(""),)])
    return found


def _paragraph(span: Span, *, tight: bool = False) -> Element:
    found = OxmlElement("w:p")
    if tight:
        shape = OxmlElement("w:pPr")
        shape.append(_made("w:spacing", before="0", after="0", line="252", lineRule="auto"))
        found.append(shape)
    run = OxmlElement("w:r")
    looks = OxmlElement("w:rPr")
    if span.tone is Tone.STRONG:
        looks.append(OxmlElement("w:b"))
    if span.tone in INK:
        looks.append(_made("w:color", val=INK[span.tone]))
    if tight:
        looks.append(_made("w:sz", val="18"))
    run.append(looks)
    for place, line in enumerate(visible(span.text).split("\n")):
        if place:
            run.append(OxmlElement("w:br"))
        text = OxmlElement("w:t")
        text.text = line
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        run.append(text)
    found.append(run)
    return found


def _made(tag: str, **values: str) -> Element:
    found = OxmlElement(tag)
    for name, value in values.items():
        found.set(qn(f"w:{name}"), value)
    return found


def _one_line(text: str) -> str:
    return " ".join(visible(text).split())
