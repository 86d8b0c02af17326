from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.intake.queries import gathered as reading
from hikeshi.intake.queries import silencing
from hikeshi.web.access import SignedIn


@require_GET
def gathered(request: SignedIn) -> HttpResponse:
    week = reading.of_week(request.actor)
    context = {"title": _("Gathered by day"), "week": week, "may_judge": silencing.may_set(request.actor)}
    return render(request, "web/alerts/gathered.html", {**context, "live": "alerts"})
