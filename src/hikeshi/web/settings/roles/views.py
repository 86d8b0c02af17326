from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings.roles import forms
from hikeshi.web.submitting import submitted


@require_GET
def roles(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    context = {"title": _("Roles"), "roles": queries.roles(), "may_manage": queries.may_manage_site(request.actor)}
    return render(request, "web/settings/roles.html", context)


@proven_again
@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    """Empty, or a copy of the role that ``copy`` names."""
    root = queries.root().pk
    request.actor.must(Verb.MANAGE, root)
    copied = queries.roles().filter(code=request.GET.get("copy", "")).first()
    form = forms.NewRole(request.actor, root, asked(request), initial={"verbs": copied.verbs if copied else []})
    if submitted(form, lambda it: _add(request.actor, it)):
        messages.success(request, _("The role was added."))
        return redirect("settings:roles")
    context = {"title": _("New role"), "form": form}
    return render(request, "web/settings/role.html", context, status=status_of(form))


def _add(by: Actor, it: dict[str, str]) -> object:
    """Another's code is not overwritten by a form that says "new"."""
    if queries.roles().filter(code=it["code"]).exists():
        raise Invalid("code", "taken")
    return accounts.define_role(by=by, code=it["code"], name=it["name"], verbs=list(it["verbs"]))


@proven_again
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, role: str) -> HttpResponse:
    root = queries.root().pk
    request.actor.must(Verb.MANAGE, root)
    shown = queries.site_role(role)
    form = forms.Role(request.actor, root, asked(request), initial={"name": shown.name, "verbs": shown.verbs})
    if submitted(form, lambda it: _edit(request.actor, role, it)):
        messages.success(request, _("Saved. It counts for everybody who holds the role, at once."))
        return redirect("settings:roles")
    context = {"title": shown.name or shown.code, "form": form}
    return render(request, "web/settings/role.html", context, status=status_of(form))


def _edit(by: Actor, role: str, it: dict[str, str]) -> object:
    return accounts.define_role(by=by, code=role, name=it["name"], verbs=list(it["verbs"]))


@proven_again
@require_POST
def second_factor(request: SignedIn, role: str) -> HttpResponse:
    required = request.POST.get("required") == "yes"
    accounts.require_second_factor(by=request.actor, role=role, required=required)
    said = _("Whoever holds this role must now have a second factor.") if required else _("No longer asked for.")
    messages.success(request, said)
    return redirect("settings:roles")
