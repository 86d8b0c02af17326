from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.acts import unit
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.settings import changes
from hikeshi.web.settings.saving import saved
from hikeshi.web.settings.site import forms

FIELDS = ("name", "languages", "language", "time_zone", "currency", "reading", "notice", "version")


@require_http_methods(["GET", "POST"])
def site(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    now = queries.site()
    form = forms.Site(asked(request), initial={field: getattr(now, field) for field in FIELDS})
    if saved(form, lambda it: _save(request.actor, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:site")
    may_manage, changed = queries.may_manage_site(request.actor), changes.of_subject("site:1")
    context = {"title": _("Site"), "form": form, "now": now, "may_manage": may_manage, "changed": changed}
    return render(request, "web/settings/site.html", context, status=form.status)


def _save(by: Actor, said: dict[str, str]) -> object:
    with unit():  # both or neither
        if said["reading"] != queries.site().reading:
            accounts.choose_site_reading(by=by, reading=said["reading"])
        return accounts.edit_site(
            by=by,
            name=said["name"],
            language=said["language"],
            time_zone=said["time_zone"],
            languages=list(said["languages"]),
            notice=said["notice"],
            currency=said["currency"] or None,
            version=int(said["version"]) if said["version"] else None,
        )


@require_POST
def hold(request: SignedIn) -> HttpResponse:
    accounts.hold_site(by=request.actor)
    messages.success(request, _("From now on nothing leaves this desk."))
    return redirect("settings:site")


@require_POST
def release(request: SignedIn) -> HttpResponse:
    accounts.release_site(by=request.actor)
    messages.success(request, _("Messages may leave again."))
    return redirect("settings:site")
