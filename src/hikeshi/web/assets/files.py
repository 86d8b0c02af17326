"""Assets as files: brought in with a preview, taken away, and the empty form of both."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.assets import actions, cells, queries
from hikeshi.assets.permissions import Verb
from hikeshi.documents import tables
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import refusals
from hikeshi.web import sheets
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.assets import forms, showing
from hikeshi.web.leaving import done
from hikeshi.web.submitting import submitted


@require_GET
def export(request: SignedIn, form: str) -> HttpResponse:
    filters = forms.Filters(request.GET)
    rows = queries.rows(request.actor, queries.assets(request.actor, **filters.wanted))
    return sheets.given(cells.sheet(), form, name=sheets.dated("assets"), title=_("Assets"), rows=rows)


@require_GET
def template(request: SignedIn, form: str) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    return sheets.given(cells.sheet(), form, name="assets-template", title=_("Assets"))


@require_http_methods(["GET", "POST"])
def new_import(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.Bring(by=request.actor, data=asked(request), files=request.FILES or None)
    kept = submitted(form, lambda it: _prepare(request, it))
    if kept:
        return done(request, "web:asset_import", kept.uuid)
    context = {"title": _("Import assets"), "form": form, "columns": sheets.columns(cells.sheet())}
    return render(request, "web/assets/import.html", context, status=status_of(form))


def _prepare(request: SignedIn, it: Mapping[str, object]) -> queries.Import:
    name, body = sheets.sent(it["file"])
    place = UUID(str(it["organisation"]))
    return actions.prepare_import(by=request.actor, organisation=place, file_name=name, body=body)


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
        stopped = sheets.stopped(kept.error, kept.error_line) if kept.error else ""
        return {"percent": kept.place * 100 // max(3 * kept.rows, 1), "stopped": stopped}
    file = queries.kept(kept)
    plan = queries.plan(request.actor, kept.organisation, file, end=queries.LOOKED_AT)
    looked = len(plan.lines) if len(plan.lines) < kept.rows else 0
    fates = sheets.groups(plan, showing.field, showing.becomes)
    said = {"looked": looked, "fates": fates, "wrong": plan.count(tables.Fate.WRONG)}
    return {**said, **sheets.preview(file, showing.field)}
