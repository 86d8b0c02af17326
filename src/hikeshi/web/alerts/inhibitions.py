from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.intake import actions
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import inhibiting
from hikeshi.kernel.paging import paginate
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.alerts.inhibiting import InhibitionForm, given, lines
from hikeshi.web.alerts.silencing import Stands
from hikeshi.web.filtering import LIMIT, cursor_of
from hikeshi.web.leaving import done
from hikeshi.web.submitting import submitted


@require_GET
def inhibitions(request: SignedIn) -> HttpResponse:
    filters = Stands(request.GET)
    rows = inhibiting.listed(request.actor, stand=str(filters.picked.get("stand", "")))
    page = paginate(rows, order=inhibiting.NEWEST, cursor=cursor_of(request), limit=LIMIT)
    context = {"title": _("Inhibitions"), "filters": filters, "page": page, "lines": lines(request.actor, page.items)}
    more = {"next": filters.next_query(page.next), "may_set": inhibiting.may_set(request.actor), "live": "silences"}
    return render(request, "web/alerts/inhibitions.html", {**context, **more})


@require_GET
def inhibition(request: SignedIn, uuid: UUID) -> HttpResponse:
    row = inhibiting.inhibition(request.actor, uuid)
    (line,) = lines(request.actor, [row])
    context = {"title": row.title, "line": line, "row": row, "alerts": inhibiting.shown(request.actor, row)}
    may = {"may_set": request.actor.may(Verb.MANAGE, row.organisation_id), "live": "silences"}
    versions = inhibiting.versions(request.actor, row)
    return render(request, "web/alerts/inhibition.html", {**context, **may, "versions": versions})


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    by, form = request.actor, InhibitionForm(request.actor, asked(request))
    row = submitted(form, lambda _said: actions.set_inhibition(by=by, organisation=form.place, terms=form.terms))
    if row is not None:
        messages.success(request, _("Set. What matches is held, and nothing of it is lost."))
        return done(request, "web:inhibition", row.uuid)
    context = {"title": _("Set an inhibition"), "form": form}
    return render(request, "web/alerts/new_inhibition.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, uuid: UUID) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    by, old = request.actor, inhibiting.inhibition(request.actor, uuid)
    form = InhibitionForm(by, asked(request), given(old))
    row = submitted(form, lambda _said: actions.change_inhibition(by=by, inhibition=uuid, terms=form.terms))
    if row is not None:
        messages.success(request, _("The new version holds from now on. What only the old one held is judged."))
        return done(request, "web:inhibition", row.uuid)
    context = {"title": _("Change the inhibition"), "form": form}
    return render(request, "web/alerts/new_inhibition.html", context, status=status_of(form))


@require_POST
def end(request: SignedIn, uuid: UUID) -> HttpResponse:
    actions.end_inhibition(by=request.actor, inhibition=uuid)
    messages.success(request, _("Ended. What still fires is judged in a moment."))
    return done(request, "web:inhibition", uuid)
