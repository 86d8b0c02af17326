from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.incidents.permissions import Verb
from hikeshi.web import leaving
from hikeshi.web.access import SignedIn
from hikeshi.web.gantt import forms, shown
from hikeshi.web.room.acts.planning import PlanTask


@require_GET
def gantt(request: SignedIn) -> HttpResponse:
    found = shown.gantt_page(request)
    context = {"title": _("Gantt chart"), "live": "incidents", **found}
    return render(request, "web/gantt/gantt.html", context, status=422 if found["trouble"] else 200)


@require_http_methods(["GET", "POST"])
def plan(request: SignedIn, ref: str, task: UUID, home: str = "web:gantt") -> HttpResponse:
    """A bar put elsewhere, or a line of the table, or a task in the calendar; its own form where it cannot be so.
    ``home``: the page it was moved on.
    """
    form = PlanTask(by=request.actor, ref=ref, part=str(task))
    request.actor.must(Verb.WORK, form.incident.organisation_id)
    if request.method == "POST":
        form = PlanTask(by=request.actor, ref=ref, part=str(task), data=forms.planned(request.POST, form.task))
        if form.carried_out():
            return leaving.done(request, leaving.same_site(request, request.POST.get("back") or reverse(home)))
    context = {"title": f"{form.incident.ref}: {form.headline}", "form": form, "ref": ref}
    return render(request, "web/room/act.html", context, status=form.status)
