from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import stale
from hikeshi.accounts.permissions import Verb
from hikeshi.canary import queries as canary
from hikeshi.web.access import SignedIn


@require_GET
def home(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    last = canary.last(request.actor)
    answered_by = accounts.names_of([last.answered_by]).get(last.answered_by, "") if last else ""
    context = {
        "title": _("Settings"),
        "counts": stale.counts(request.actor),
        "canary": last,
        "answered_by": answered_by,
    }
    return render(request, "web/settings/home.html", context)
