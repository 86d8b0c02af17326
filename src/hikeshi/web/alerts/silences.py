from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.intake import actions
from hikeshi.intake import queries as intake
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import silencing
from hikeshi.kernel import clock
from hikeshi.kernel.paging import paginate
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.alerts.silencing import SilenceForm, SnoozeForm, Stands, alike, lines
from hikeshi.web.filtering import LIMIT, cursor_of
from hikeshi.web.leaving import done
from hikeshi.web.submitting import submitted


@require_GET
def silences(request: SignedIn) -> HttpResponse:
    filters = Stands(request.GET)
    rows = silencing.listed(request.actor, stand=str(filters.picked.get("stand", "")))
    page = paginate(rows, order=silencing.NEWEST, cursor=cursor_of(request), limit=LIMIT)
    context = {"title": _("Silences"), "filters": filters, "page": page, "lines": lines(request.actor, page.items)}
    more = {"next": filters.next_query(page.next), "may_judge": silencing.may_set(request.actor), "live": "silences"}
    context["may_manage"] = request.actor.may(Verb.MANAGE)
    return render(request, "web/alerts/silences.html", {**context, **more})


@require_GET
def silence(request: SignedIn, uuid: UUID) -> HttpResponse:
    row = silencing.silence(request.actor, uuid)
    (line,) = lines(request.actor, [row])
    context = {"title": row.title, "line": line, "row": row, "alerts": silencing.shown(request.actor, row)}
    may = {"may_end": request.actor.may(Verb.JUDGE, row.organisation_id), "live": "silences"}
    return render(request, "web/alerts/silence.html", {**context, **may})


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.JUDGE)
    start = alike(request.actor, request.GET.get("like", ""), similar="similar" in request.GET)
    form = SilenceForm(request.actor, asked(request), start)
    by = request.actor
    row = submitted(form, lambda _said: actions.set_silence(by=by, organisation=form.place, terms=form.terms))
    if row is not None:
        messages.success(request, _("Set. What matches is held, and nothing of it is lost."))
        return done(request, "web:silence", row.uuid)
    return render(
        request, "web/alerts/new_silence.html", {"title": _("Set a silence"), "form": form}, status=status_of(form)
    )


@require_POST
def end(request: SignedIn, uuid: UUID) -> HttpResponse:
    actions.end_silence(by=request.actor, silence=uuid)
    messages.success(request, _("Ended. What still fires is judged in a moment."))
    return done(request, "web:silence", uuid)


@require_http_methods(["GET", "POST"])
def snooze(request: SignedIn, uuid: UUID) -> HttpResponse:
    request.actor.must(Verb.JUDGE)
    row, form = intake.alert(request.actor, uuid), SnoozeForm(asked(request))
    made = submitted(
        form,
        lambda said: actions.snooze_alert(
            by=request.actor,
            alert=uuid,
            until=clock.now() + timedelta(hours=int(said["hours"])),
            reason=said["reason"],
        ),
    )
    if made is not None:
        messages.success(request, _("Snoozed. It comes back if it still fires then."))
        return done(request, "web:alert", uuid)
    context = {"title": _("Snooze the alert"), "form": form, "alert": row}
    return render(request, "web/alerts/snooze.html", context, status=status_of(form))
