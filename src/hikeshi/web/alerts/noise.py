from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hikeshi.intake import actions
from hikeshi.intake.queries import noise as reading
from hikeshi.intake.queries import ruling, silencing
from hikeshi.web.access import SignedIn


@require_GET
def noise(request: SignedIn) -> HttpResponse:
    report = reading.weekly(request.actor)
    context = {"title": _("Noise of the week"), "report": report, "rules": reading.busiest(request.actor)}
    may = {"may_judge": silencing.may_set(request.actor), "may_write": ruling.may_write(request.actor)}
    may["reported"] = reading.is_reported()
    return render(request, "web/alerts/noise.html", {**context, **may})


@require_POST
def report(request: SignedIn) -> HttpResponse:
    row = actions.set_noise_report(by=request.actor, on=request.POST.get("on") == "1")
    said = (
        _("From now on the noise of each week is sent.")
        if row.reported
        else _("The noise of the week is no longer sent.")
    )
    messages.success(request, said)
    return redirect("web:noise")
