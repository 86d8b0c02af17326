"""Assets as files: brought in with a preview, taken away, and the empty form of both."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.assets import actions, cells, queries
from hikeshi.assets.permissions import Verb
from hikeshi.documents import tables
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.phrases import refusals
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.assets import forms, showing
from hikeshi.web.leaving import done

Made = Callable[[Sequence[str], Iterable[Sequence[tables.Cell]]], bytes]
FORMS: Final[Mapping[str, tuple[Made, str]]] = {
    "csv": (tables.to_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        lambda headings, rows: tables.to_workbook(_("Assets"), headings, rows),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def _file(form: str, name: str, rows: Iterable[Sequence[tables.Cell]]) -> HttpResponse:
    """Raises NotFound for a form nobody makes."""
    if form not in FORMS:
        raise NotFound("form")
    made, kind = FORMS[form]
    response = HttpResponse(made(_headings(), rows), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _headings() -> list[str]:
    return [field.name(get_language() or "en") for field in cells.sheet().fields]


@require_GET
def export(request: SignedIn, form: str) -> HttpResponse:
    filters = forms.Filters(request.GET)
    rows = queries.rows(request.actor, queries.assets(request.actor, **filters.wanted))
    return _file(form, f"assets-{timezone.localtime(clock.now()):%Y-%m-%d}", rows)


@require_GET
def template(request: SignedIn, form: str) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    return _file(form, "assets-template", [])


@require_http_methods(["GET", "POST"])
def new_import(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.Bring(by=request.actor, data=asked(request), files=request.FILES or None)
    kept = form.kept()
    if kept:
        return done(request, "web:asset_import", kept.uuid)
    columns = [(one, one.hint.ja if get_language() == "ja" else one.hint.en) for one in cells.sheet().columns.values()]
    context = {"title": _("Import assets"), "form": form, "columns": columns, "language": get_language()}
    return render(request, "web/assets/import.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def one_import(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Its preview, how far it is, or what came of it; POST carries it out."""
    kept = queries.imported(request.actor, uuid)
    if request.method == "POST":
        try:
            actions.carry_out_import(by=request.actor, imported_file=uuid)
        except Invalid as refusal:
            messages.error(request, refusals.sentence(refusal))
        return done(request, "web:asset_import", uuid)
    context = {"title": _("Import assets"), "kept": kept, "live": "assets", **_preview(request, kept)}
    return render(request, "web/assets/preview.html", context)


def _preview(request: SignedIn, kept: queries.Import) -> dict[str, object]:
    if kept.state != queries.ImportState.PREPARED:
        return {"percent": kept.place * 100 // max(3 * kept.rows, 1)}
    file = queries.kept(kept)
    plan = queries.plan(request.actor, kept.organisation, file, end=queries.LOOKED_AT)
    looked = len(plan.lines) if len(plan.lines) < kept.rows else 0
    said = {"looked": looked, "encoding": file.table.encoding, "sheet": file.table.sheet, "aside": showing.aside(file)}
    return {**said, "groups": showing.groups(plan), "possible": plan.possible, "wrong": plan.count(tables.Fate.WRONG)}
