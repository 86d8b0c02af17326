from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.intake import queries as intake
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings.listing import listed
from hikeshi.web.settings.tokens import forms
from hikeshi.web.submitting import submitted

SOON = timedelta(days=30)


@require_GET
def tokens(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    page = listed(request, queries.tokens(request.actor), order="-id")
    context = {"title": _("Tokens"), "now": clock.now(), "soon": clock.now() + SOON, **page}
    return render(request, "web/settings/tokens.html", context)


@proven_again
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.IntakeToken(request.actor, asked(request), initial=_suggested(request))
    secret = submitted(form, lambda values: _create(request.actor, values))
    shown = {name: form[name].value() for name in ("source", "scope")}
    context = {"title": _("New intake token"), "form": form, "secret": secret, **shown}
    return render(request, "web/settings/new_token.html", context, status=200 if secret else status_of(form))


def _suggested(request: SignedIn) -> dict[str, str]:
    source = request.GET.get("source", "")
    return {"source": source, "scope": "signed" if intake.signs(source) else "intake"}


def _create(by: Actor, values: dict[str, str]) -> str:
    ends = clock.now() + timedelta(days=int(values["days"])) if values["days"] else None
    return accounts.create_token(
        by=by,
        scope=values["scope"],
        secret=values["secret"],
        source=values["source"],
        organisation=UUID(values["organisation"]),
        name=values["name"],
        expires_at=ends,
    )


@require_POST
def revoke(request: SignedIn, token: UUID) -> HttpResponse:
    accounts.revoke_token(by=request.actor, token=token)
    messages.success(request, _("The token no longer works."))
    return redirect("settings:tokens")
