"""People as files: brought in with a preview, taken away, and the empty form of both."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.accounts import actions, columns, planning, queries
from hikeshi.accounts.permissions import Verb
from hikeshi.documents import tables
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import labels, refusals
from hikeshi.web import sheets
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings.people import forms
from hikeshi.web.submitting import submitted


@require_GET
def export(request: SignedIn, form: str) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    rows = planning.rows_of(request.actor)
    return sheets.given(columns.sheet(), form, name=sheets.dated("people"), title=_("Users"), rows=rows)


@require_GET
def template(request: SignedIn, form: str) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    return sheets.given(columns.sheet(), form, name="people-template", title=_("Users"))


@proven_again
@require_http_methods(["GET", "POST"])
def new_import(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.Bring(request.actor, asked(request), request.FILES or None)
    brought = submitted(form, lambda it: _prepare(request, it))
    if brought:
        return redirect("settings:people_import", brought.uuid)
    context = {"title": _("Import people"), "form": form, "columns": sheets.columns(columns.sheet())}
    return render(request, "web/settings/people_import.html", context, status=status_of(form))


def _prepare(request: SignedIn, it: Mapping[str, object]) -> queries.PeopleFile:
    name, body = sheets.sent(it["file"])
    place = UUID(str(it["organisation"]))
    return actions.prepare_people_import(by=request.actor, organisation=place, file_name=name, body=body)


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
    context = {"title": _("Import people"), "kept": kept, "live": "accounts", **_preview(request, kept)}
    return render(request, "web/settings/people_preview.html", context)


def _leaving(request: SignedIn) -> list[UUID]:
    """Raises Invalid for what this page did not offer."""
    try:
        return [UUID(one) for one in request.POST.getlist("leaving")]
    except ValueError as error:
        raise Invalid("leaving", "not_missing") from error


def _preview(request: SignedIn, kept: queries.PeopleFile) -> dict[str, object]:
    if kept.state != queries.ImportState.PREPARED:
        done = kept.place * 100 // max(2 * kept.rows + len(kept.leaving), 1)
        return {"percent": done, "stopped": sheets.stopped(kept.error, kept.error_line) if kept.error else ""}
    file = planning.kept(kept)
    plan = planning.plan(request.actor, kept.organisation, file)
    fates = sheets.groups(plan.lines, _field, _becomes)
    said = {"fates": fates, "wrong": plan.lines.count(tables.Fate.WRONG), "missing": plan.missing}
    return {**said, **sheets.preview(file, _field)}


def _becomes(one: tables.Planned[planning.Draft]) -> list[tuple[str, str]]:
    """What each changed field will be; of somebody new, where they belong and what they may be."""
    draft = one.value
    if draft is None:
        return []
    words = {
        "name": draft.name,
        "email": draft.email,
        "organisation": draft.organisation.name,
        "roles": ", ".join(role.name or labels.label("account_role", role.code) for role in draft.roles),
    }
    wanted = one.changed or ("organisation", *(["roles"] if draft.roles else []))
    return [(_field(name), words[name]) for name in wanted]


def _field(name: str) -> str:
    return labels.label("person_field", name)
