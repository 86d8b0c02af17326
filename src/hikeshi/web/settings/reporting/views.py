from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.settings import changes
from hikeshi.web.settings.reporting.forms import Rules
from hikeshi.web.submitting import submitted


@require_http_methods(["GET", "POST"])
def rules(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.CONFIGURE, accounts.root().pk)
    now = incidents.reporting()
    form = Rules(request.actor, now, asked(request))
    if submitted(form, lambda said: actions.set_reporting(by=request.actor, **form.cleaned_data)):
        messages.success(request, _("Saved."))
        return redirect("settings:reporting")
    context = {
        "title": _("Reports by people"),
        "form": form,
        "now": now,
        "changed": now.changed and changes.by(*now.changed),
    }
    return render(request, "web/settings/reporting.html", context, status=status_of(form))
