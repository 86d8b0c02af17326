"""People as files: brought in with a preview, taken away, and the empty form of both."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.accounts import actions, columns, planning, queries
from hikeshi.accounts.permissions import Verb
from hikeshi.documents import tables
from hikeshi.kernel import clock
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.phrases import refusals
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings.people import forms, showing
from hikeshi.web.submitting import submitted

Made = Callable[[Sequence[str], Iterable[Sequence[tables.Cell]]], bytes]
FORMS: Final[Mapping[str, tuple[Made, str]]] = {
    "csv": (tables.to_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        lambda headings, rows: tables.to_workbook(_("Users"), headings, rows),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}


def _file(form: str, name: str, rows: Iterable[Sequence[tables.Cell]]) -> HttpResponse:
    """Raises NotFound for a form nobody makes."""
    if form not in FORMS:
        raise NotFound("form")
    made, kind = FORMS[form]
    headings = [field.name(get_language() or "en") for field in columns.sheet().fields]
    response = HttpResponse(made(headings, rows), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


@require_GET
def export(request: SignedIn, form: str) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    rows = planning.rows_of(request.actor)
    return _file(form, f"people-{timezone.localtime(clock.now()):%Y-%m-%d}", rows)


@require_GET
def template(request: SignedIn, form: str) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    return _file(form, "people-template", [])


@proven_again
@require_http_methods(["GET", "POST"])
def new_import(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.Bring(request.actor, asked(request), request.FILES or None)
    brought = submitted(form, lambda it: _prepare(request, it))
    if brought:
        return redirect("settings:people_import", brought.uuid)
    hints = [(one, one.hint.ja if get_language() == "ja" else one.hint.en) for one in columns.sheet().columns.values()]
    context = {"title": _("Import people"), "form": form, "columns": hints, "language": get_language()}
    return render(request, "web/settings/people_import.html", context, status=status_of(form))


def _prepare(request: SignedIn, it: Mapping[str, object]) -> queries.PeopleFile:
    brought = it["file"]
    if not isinstance(brought, UploadedFile):
        raise Invalid("file", "required")
    if (brought.size or 0) > tables.MOST_BYTES:
        raise Invalid("file", "file_too_large", limit=tables.MOST_BYTES // 1_048_576)
    place = UUID(str(it["organisation"]))
    return actions.prepare_people_import(
        by=request.actor, organisation=place, file_name=brought.name or "", body=brought.read()
    )


@proven_again
@require_http_methods(["GET", "POST"])
def one_import(request: SignedIn, people_file: UUID) -> HttpResponse:
    """Its preview, or what came of it; POST carries it out."""
    kept = planning.people_file(request.actor, people_file)
    if request.method == "POST":
        try:
            actions.carry_out_people_import(by=request.actor, people_file=people_file, leaving=_leaving(request))
        except Invalid as refusal:
            messages.error(request, refusals.sentence(refusal))
        return redirect("settings:people_import", people_file)
    context = {"title": _("Import people"), "kept": kept, **_preview(request, kept)}
    return render(request, "web/settings/people_preview.html", context)


def _leaving(request: SignedIn) -> list[UUID]:
    """Raises Invalid for what this page did not offer."""
    try:
        return [UUID(one) for one in request.POST.getlist("leaving")]
    except ValueError as error:
        raise Invalid("leaving", "not_missing") from error


def _preview(request: SignedIn, kept: queries.PeopleFile) -> dict[str, object]:
    if kept.done_at is not None:
        return {}
    file = planning.kept(kept)
    plan = planning.plan(request.actor, kept.organisation, file)
    said = {"encoding": file.table.encoding, "sheet": file.table.sheet, "aside": showing.aside(file.fit)}
    fates = showing.groups(plan.lines)
    return {**said, "fates": fates, "wrong": plan.lines.count(tables.Fate.WRONG), "missing": plan.missing}
