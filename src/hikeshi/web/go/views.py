from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.web.access import SignedIn
from hikeshi.web.go import places

LONGEST = 100


@require_GET
def go(request: SignedIn) -> HttpResponse:
    """With a number alone, straight to its record; but nobody who is still typing is taken away."""
    said = request.GET.get("q", "").strip()[:LONGEST]
    meant = places.records(request.actor, said)
    if meant and "HX-Request" not in request.headers:
        return redirect(meant[0].url)
    goals = places.found(request, request.actor, said)
    return render(request, "web/go/go.html", {"title": _("Go to"), "said": said, "goals": goals})
