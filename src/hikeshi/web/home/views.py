from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hikeshi.incidents.readings import group as phase_words
from hikeshi.lists import actions
from hikeshi.web import readings
from hikeshi.web.access import SignedIn
from hikeshi.web.home.desk import desk
from hikeshi.web.home.opening import opening


@require_GET
def home(request: SignedIn) -> HttpResponse:
    phases = phase_words(readings.chosen(request))
    shown = desk(request.actor)
    context = {"title": _("Home"), "desk": shown, "live": "incidents oncall", "phases": phases}
    context["opening"] = opening(request.actor, rota=bool(shown.standings))
    return render(request, "web/home/home.html", context)


@require_POST
def seen(request: SignedIn) -> HttpResponse:
    actions.mark_seen(by=request.actor)
    return redirect("web:home")
