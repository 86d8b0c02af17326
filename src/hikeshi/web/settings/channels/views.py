from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.notify import actions, queries
from hikeshi.phrases import labels, refusals
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings.channels import forms
from hikeshi.web.settings.saving import saved
from hikeshi.web.submitting import submitted


@require_GET
def channels(request: SignedIn) -> HttpResponse:
    lines = queries.channels(request.actor)
    context = {"title": _("Channels"), "lines": lines, "bounds": queries.bounds(request.actor)}
    context |= {"linked": queries.knows_its_address(), "may_change": queries.may_configure(request.actor)}
    context |= {"mailbox": queries.mailbox(request.actor)}
    context |= {"attempt": forms.Attempt(request.actor), "mine": queries.own_ways(request.actor)}
    return render(request, "web/settings/channels.html", context)


@proven_again
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def channel(request: SignedIn, kind: str) -> HttpResponse:
    view = queries.channel(request.actor, kind)
    form = forms.Channel(view, asked(request))
    if saved(form, lambda it: _save(request.actor, kind, it)):
        messages.success(request, _("Saved. Try it: send yourself a test call."))
        return redirect("settings:channels")
    context = {"title": labels.label("way_kind", kind), "form": form, "back": "settings:channels"}
    context["kind"] = kind if view.line.version else ""
    return render(request, "web/settings/channel.html", context, status=form.status)


@proven_again
@require_POST
def remove(request: SignedIn, kind: str) -> HttpResponse:
    try:
        actions.remove_channel(by=request.actor, kind=kind)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
        return redirect("settings:channel", kind)
    messages.success(request, _("Removed."))
    return redirect("settings:channels")


def _save(by: Actor, kind: str, said: dict[str, str]) -> object:
    own = {"on", "per_minute", "version"}
    given = {name: str(value) for name, value in said.items() if name not in own and value is not None}
    return actions.set_channel(
        by=by,
        kind=kind,
        on=bool(said["on"]),
        given=given,
        per_minute=int(said["per_minute"]),
        version=int(said["version"] or 0),
    )


@proven_again
@require_http_methods(["GET", "POST"])
def hosts(request: SignedIn) -> HttpResponse:
    now = queries.bounds(request.actor)
    start = {"hosts": now.hosts, "window": now.window, "version": now.version if now.changed_by else 0}
    form = forms.Hosts(asked(request), initial=start)
    if saved(form, lambda it: _keep(request.actor, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:channels")
    context = {"title": _("Inside the network"), "form": form, "back": "settings:channels"}
    return render(request, "web/settings/versioned.html", context, status=form.status)


def _keep(by: Actor, said: dict[str, str]) -> object:
    version = int(said["version"] or 0)
    return actions.set_hosts(by=by, hosts=said["hosts"], window=int(said["window"]), version=version)


@require_POST
def attempt(request: SignedIn) -> HttpResponse:
    queries.must_configure(request.actor)
    form = forms.Attempt(request.actor, request.POST)
    if submitted(form, lambda it: actions.try_channel(by=request.actor, way=it["way"])):
        messages.success(request, _("A test call is on its way. Answer it: then it is proved."))
    else:
        messages.error(request, _("Choose one of your own contacts."))
    return redirect("settings:channels")
