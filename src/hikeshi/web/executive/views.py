from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.figures.queries import burning
from hikeshi.kernel import clock
from hikeshi.web.access import SignedIn


@require_GET
def situation(request: SignedIn) -> HttpResponse:
    found = burning.burning(request.actor)
    context = {"title": _("The situation"), "found": found, "now": clock.now(), "live": "incidents"}
    return render(request, "web/executive/situation.html", context)
