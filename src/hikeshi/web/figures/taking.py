"""A dashboard to take away: as PDF, picture, Excel or CSV."""

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.documents import pdf, tables
from hikeshi.documents.tree import Bars, Block, Column, Document, Front, Heading, Paper, Paragraph, Poster, Table, Tone
from hikeshi.figures.codes import Figure
from hikeshi.incidents import filenames
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger import access
from hikeshi.phrases import moments
from hikeshi.phrases.figures import ALL
from hikeshi.web.figures.shown import Page, Panel
from hikeshi.web.files import giving
from hikeshi.web.sheets import KINDS, dated

FORMS = {**KINDS, "pdf": "application/pdf", "png": "image/png"}


def taken(by: Actor, page: Page, form: str) -> HttpResponse:
    """Noted in the access log. Raises NotFound for a form nobody makes, and what the typesetter refuses."""
    if form not in FORMS:
        raise NotFound("form")
    access.note_reading(by=by, subject="figures", what=f"list.{form}")
    response = HttpResponse(_content(page, form), content_type=FORMS[form], headers=giving.HEADERS)
    response["Content-Disposition"] = filenames.disposition(f"{dated('figures')}.{form}")
    return response


def _content(page: Page, form: str) -> bytes:
    if form == "pdf":
        return pdf.render(_document(page))
    if form == "png":
        return pdf.pictures(_document(page, Poster(Paper.A3, "{m}")))[0]
    headings = [_("Figure"), _("Line"), _("Number"), _("Value"), _("Period before")]
    return (
        tables.to_csv(headings, _rows(page)) if form == "csv" else tables.to_workbook(page.title, headings, _rows(page))
    )


def _rows(page: Page) -> Iterator[tuple[tables.Cell, ...]]:
    """One number a line; seconds and percents as plain numbers, so that they can be reckoned with."""
    for panel in page.panels:
        if panel.found is None:
            continue
        for row, line in zip(panel.rows, panel.found.lines, strict=True):
            before = line.before or (None,) * len(line.numbers)
            for heading, series, number, was in zip(
                panel.headings, panel.found.series, line.numbers, before, strict=True
            ):
                unit = "" if series.unit == "count" else f" ({series.unit.value})"
                yield (panel.title, row.name, f"{heading}{unit}", number, was)


def _document(page: Page, poster: Poster | None = None) -> Document:
    now, site = clock.now(), accounts.site()
    said = {"first": page.first.isoformat(), "last": page.last.isoformat()}
    period = _("%(first)s to %(last)s") % said
    made = f"{moments.local(now):%Y-%m-%d %H:%M %Z}"
    blocks: list[Block] = []
    for panel in page.panels:
        blocks += _blocks(panel)
    return Document(
        title=page.title,
        language=get_language() or "en",
        front=Front(_("Figures"), page.title, period, (site.name, made), ((_("How it is counted"), str(ALL)),)),
        blocks=tuple(blocks),
        author=site.name,
        made_at=now,
        running=f"{site.name} {page.title}",
        foot=period,
        poster=poster,
    )


def _blocks(panel: Panel) -> Iterator[Block]:
    yield Heading(panel.title)
    if panel.found is None:
        yield Paragraph(_("You may not see this figure."), Tone.GAP)
        return
    if panel.found.empty:
        yield Paragraph(_("Nothing to count in this period."), Tone.QUIET)
    elif panel.tile.figure in {Figure.TIMES, Figure.KEPT} or len(panel.headings) > 1:
        columns = (Column("", 1.6), *(Column(one) for one in panel.headings))
        yield Table(columns, tuple((row.name, *(one.text for one in row.numbers)) for row in panel.rows))
    else:
        highest = panel.found.highest or 1
        lines = zip(panel.rows, panel.found.lines, strict=True)
        yield Bars(tuple((row.name, (line.numbers[0] or 0) / highest, row.numbers[0].text) for row, line in lines))
    yield Paragraph(panel.how, Tone.QUIET)
    for way in panel.ways:
        yield Paragraph(way, Tone.QUIET)
