from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from hikeshi.incidents.permissions import Verb
from hikeshi.web.access import SignedIn
from hikeshi.web.calendar import shown


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
