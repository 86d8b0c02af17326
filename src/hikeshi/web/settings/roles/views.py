from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.web.access import SignedIn
from hikeshi.web.account.reader import proven_again


@require_GET
def roles(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    context = {"title": _("Roles"), "roles": queries.roles(), "may_manage": queries.may_manage_site(request.actor)}
    return render(request, "web/settings/roles.html", context)


@proven_again
@require_POST
def second_factor(request: SignedIn, role: str) -> HttpResponse:
    required = request.POST.get("required") == "yes"
    accounts.require_second_factor(by=request.actor, role=role, required=required)
    said = _("Whoever holds this role must now have a second factor.") if required else _("No longer asked for.")
    messages.success(request, said)
    return redirect("settings:roles")
