from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.incidents.permissions import Verb
from hikeshi.web import leaving
from hikeshi.web.access import SignedIn
from hikeshi.web.calendar import moving, shown
from hikeshi.web.room.acts.waiting import Wait


@require_GET
def calendar(request: SignedIn) -> HttpResponse:
    page = shown.page(request.actor, shown.asked_of(request.GET))
    context = {
        "title": pgettext("page", "Calendar"),
        "page": page,
        "may_work": request.actor.may(Verb.WORK),
        "live": "incidents oncall",
    }
    return render(request, "web/calendar/calendar.html", context)


@require_http_methods(["GET", "POST"])
def wait(request: SignedIn, ref: str) -> HttpResponse:
    """The end of a record's wait, put on another day; the act's own form where it cannot be so."""
    form = Wait(by=request.actor, ref=ref, part="")
    request.actor.must(Verb.WORK, form.incident.organisation_id)
    if request.method == "POST":
        form = Wait(by=request.actor, ref=ref, part="", data=moving.prolonged(request.POST, form.incident))
        if form.carried_out():
            return leaving.done(
                request, leaving.same_site(request, request.POST.get("back") or reverse("web:calendar"))
            )
    context = {"title": f"{form.incident.ref}: {form.headline}", "form": form, "ref": ref}
    return render(request, "web/room/act.html", context, status=form.status)
