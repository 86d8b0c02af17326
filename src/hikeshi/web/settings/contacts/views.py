from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from hikeshi.accounts import actions, contacts, queries, stale
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.settings import changes
from hikeshi.web.settings.contacts import forms
from hikeshi.web.settings.saving import saved

NUMBERS = ("stale_days", "check_days", "answer_hours")


@require_http_methods(["GET", "POST"])
def rules(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    now = contacts.rules()
    form = forms.Rules(request.actor, asked(request), initial=_stated(now))
    if saved(form, lambda it: _save(request.actor, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:contacts")
    may = {"may_manage": queries.may_manage_site(request.actor), "counts": stale.counts(request.actor)}
    context = {"title": _("Contacts"), "form": form, "now": now, **may}
    context |= {"changed": changes.of_subject("contact_rules:1")}
    return render(request, "web/settings/contacts.html", context, status=form.status)


def _stated(now: contacts.ContactRules) -> dict[str, object]:
    given = {name: getattr(now, name) for name in (*NUMBERS, "country", "version")}
    return {**given, "keeper": str(now.keeper.uuid) if now.keeper else ""}


def _save(by: Actor, said: dict[str, str]) -> object:
    numbers = {name: int(said[name]) for name in NUMBERS}
    keeper = UUID(said["keeper"]) if said["keeper"] else None
    version = int(said["version"]) if said["version"] else None
    return actions.set_contact_rules(by=by, **numbers, country=said["country"], keeper=keeper, version=version)
