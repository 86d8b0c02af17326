"""Staff lists: brought, their columns matched, compared with the directory, applied row by row."""

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import actions, queries
from hikeshi.accounts import staff as reads
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.phrases import refusals
from hikeshi.web import sheets
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.contacts import comparing, staff_form
from hikeshi.web.submitting import submitted


@proven_again
@require_http_methods(["GET", "POST"])
def lists(request: SignedIn) -> HttpResponse:
    request.actor.must(reads.verb_of(request.actor))
    form = staff_form.StaffList(request.actor, asked(request), request.FILES or None)
    brought = submitted(form, lambda it: _prepare(request, it))
    if brought:
        return redirect("web:staff_list", brought.uuid)
    context = {"title": _("Contacts"), "form": form, "columns": sheets.columns(reads.sheet())}
    context |= {"open": reads.staff_files(request.actor)[:20]}
    return render(request, "web/contacts/staff_lists.html", context, status=status_of(form))


def _prepare(request: SignedIn, it: Mapping[str, object]) -> queries.StaffFile:
    name, body = sheets.sent(it["file"])
    place = UUID(str(it["organisation"]))
    return actions.prepare_staff_comparison(by=request.actor, organisation=place, file_name=name, body=body)


@proven_again
@require_http_methods(["GET", "POST"])
def comparison(request: SignedIn, staff_file: UUID) -> HttpResponse:
    file = reads.staff_file(request.actor, staff_file)
    if request.method == "POST":
        _apply(request, staff_file)
        return redirect("web:staff_list", staff_file)
    context = {"title": _("Compare with a staff list"), "kept": file, "live": "accounts", "breadth": "broad"}
    return render(request, "web/contacts/staff.html", {**context, **_shown(request, file)})


def _apply(request: SignedIn, staff_file: UUID) -> None:
    try:
        picks = comparing.picks(request.actor, request.POST)
        file = actions.apply_staff_comparison(by=request.actor, staff_file=staff_file, picks=picks)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    except NotFound:
        messages.error(request, _("There is nobody with the user name given as successor."))
    else:
        _told(request, file)


def _told(request: SignedIn, file: queries.StaffFile) -> None:
    if file.state != queries.ImportState.PREPARED:
        return
    applied = len(file.picks) - len(file.refused)
    if applied:
        messages.success(request, _("Applied: %(count)s") % {"count": applied})
    if file.refused:
        messages.error(request, _("Left as they were: %(count)s. The reason stands beside each.") % _counted(file))


def _counted(file: queries.StaffFile) -> dict[str, int]:
    return {"count": len(file.refused)}


def _shown(request: SignedIn, file: queries.StaffFile) -> dict[str, object]:
    if file.state == queries.ImportState.DONE:
        return {}
    if file.state != queries.ImportState.PREPARED:
        percent = file.place * 100 // max(len(file.picks), 1)
        return {"percent": percent, "stopped": sheets.stopped(file.error, file.error_line) if file.error else ""}
    read = reads.opened(file)
    if reads.lacking(read.fit):
        return {"headings": comparing.headings(file), "fields": comparing.fields()}
    found = comparing.groups(request.actor, file)
    people = queries.people(request.actor, active=True).order_by("name")[: comparing.SUGGESTED]
    may = {"may_apply": request.actor.may(Verb.MANAGE, file.organisation_id), "people": people}
    return {"groups": found, **may, **sheets.preview(read, comparing.field_word)}


@proven_again
@require_http_methods(["GET", "POST"])
def match(request: SignedIn, staff_file: UUID) -> HttpResponse:
    file = reads.staff_file(request.actor, staff_file)
    wrong = ""
    if request.method == "POST":
        try:
            columns = comparing.matched(request.POST)
            actions.match_staff_columns(by=request.actor, staff_file=staff_file, columns=columns)
            return redirect("web:staff_list", staff_file)
        except Invalid as refusal:
            wrong = refusals.sentence(refusal)
    context = {"title": _("Which column is which"), "kept": file, "wrong": wrong, "fields": comparing.fields()}
    context |= {"headings": comparing.headings(file) if file.body else ()}
    return render(request, "web/contacts/staff.html", context, status=422 if wrong else 200)


@require_POST
def close(request: SignedIn, staff_file: UUID) -> HttpResponse:
    actions.close_staff_comparison(by=request.actor, staff_file=staff_file)
    messages.success(request, _("Put away. The list itself is forgotten."))
    return redirect("web:staff_lists")


@require_GET
def template(request: SignedIn, form: str) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    return sheets.given(reads.sheet(), form, name="staff-list", title=_("Staff list"))
