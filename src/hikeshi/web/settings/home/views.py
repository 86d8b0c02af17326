from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.accounts import stale
from hikeshi.accounts.permissions import Verb
from hikeshi.web.access import SignedIn


@require_GET
def home(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    context = {"title": _("Settings"), "counts": stale.counts(request.actor)}
    return render(request, "web/settings/home.html", context)
