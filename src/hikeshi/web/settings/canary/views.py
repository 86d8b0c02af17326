from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.canary import actions, queries
from hikeshi.kernel.acting import Actor
from hikeshi.notify import queries as notify
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.settings.canary import forms, shown
from hikeshi.web.settings.saving import saved
from hikeshi.web.submitting import submitted


@require_GET
def canary(request: SignedIn) -> HttpResponse:
    return _page(request, forms.Send(request.actor))


@require_POST
def send(request: SignedIn) -> HttpResponse:
    notify.must_configure(request.actor)
    form = forms.Send(request.actor, request.POST)
    if submitted(form, lambda it: _ask(request.actor, it["target"])):
        messages.success(request, _("The canary is on its way. It is a test; answer it on the device it reaches."))
        return redirect("settings:canary")
    return _page(request, form, status=422)


def _ask(by: Actor, target: str) -> queries.Canary:
    to, value = forms.target(target)
    return actions.ask(by=by, to=to, value=value)


def _page(request: SignedIn, form: forms.Send, status: int = 200) -> HttpResponse:
    context = {"title": _("Canary"), "page": shown.page(request.actor), "form": form, "live": "canary"}
    return render(request, "web/settings/canary.html", context, status=status)


@require_http_methods(["GET", "POST"])
def plan(request: SignedIn) -> HttpResponse:
    notify.must_configure(request.actor)
    form = forms.Plan(request.actor, asked(request))
    if saved(form, lambda it: _arrange(request.actor, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:canary")
    context = {"title": _("When a canary is sent"), "form": form, "back": "settings:canary"}
    return render(request, "web/settings/versioned.html", context, status=form.status)


def _arrange(by: Actor, said: forms.Said) -> queries.Arrangement:
    days, at = [int(day) for day in said["days"]], forms.hour(said["at"])
    to, value = forms.target(str(said["target"]))
    version, minutes = int(said["version"] or 0), int(said["minutes"])
    return actions.arrange(by=by, to=to, value=value, days=days, at=at, minutes=minutes, version=version)
