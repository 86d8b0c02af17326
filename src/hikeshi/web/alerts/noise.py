from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.intake.queries import noise as reading
from hikeshi.intake.queries import ruling, silencing
from hikeshi.web.access import SignedIn


@require_GET
def noise(request: SignedIn) -> HttpResponse:
    report = reading.weekly(request.actor)
    context = {"title": _("Noise of the week"), "report": report, "rules": reading.busiest(request.actor)}
    may = {"may_judge": silencing.may_set(request.actor), "may_write": ruling.may_write(request.actor)}
    return render(request, "web/alerts/noise.html", {**context, **may})
