from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.phrases import refusals
from hikeshi.service_levels import actions, queries
from hikeshi.service_levels.book import Target
from hikeshi.service_levels.permissions import Verb
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.settings import changes
from hikeshi.web.settings.ordering import one_up
from hikeshi.web.settings.saving import saved
from hikeshi.web.settings.service_levels import forms, shown
from hikeshi.web.submitting import submitted


@require_GET
def targets(request: SignedIn) -> HttpResponse:
    found = queries.targets(request.actor)
    lines = shown.lines(request.actor, found)
    context = {
        "title": _("Service levels"),
        "lines": lines,
        "book": found.book,
        "limits": shown.limits(found.book.stuck),
        "renewal": queries.renewal_going(),
        "may_configure": queries.may_configure(request.actor),
        "changed": changes.by(found.made_by, found.at) if found.at else None,
    }
    return render(request, "web/settings/service_levels.html", context)


def _must_configure(by: Actor) -> None:
    if not queries.may_configure(by):
        raise NotAllowed(Verb.CONFIGURE)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    _must_configure(request.actor)
    form = forms.TargetForm(request.actor, asked(request), initial={"measure": "resolve", "always_to": 0})
    added = saved(form, lambda it: actions.add_target(by=request.actor, draft=form.draft()))
    if added:
        messages.success(request, _("The target was added. It is switched off until you say so."))
        return redirect("settings:target", added.code)
    context = {"title": _("New target"), "form": form}
    return render(request, "web/settings/target.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def target(request: SignedIn, code: str) -> HttpResponse:
    _must_configure(request.actor)
    known = _known(request.actor, code)
    form = forms.TargetForm(request.actor, asked(request), initial=forms.starting(known))
    if saved(form, lambda it: _change(request.actor, code, form)):
        messages.success(request, _("Saved. Clocks that run keep what was promised them."))
        return redirect("settings:service_levels")
    context = {"title": _("Target"), "form": form, "target": known, "examples": queries.example(known)}
    return render(request, "web/settings/target.html", context, status=form.status)


def _known(by: Actor, code: str) -> Target:
    found = queries.targets(by).book.target(code)
    if found is None:
        raise NotFound("target")
    return found


def _change(by: Actor, code: str, form: forms.TargetForm) -> object:
    version = form.cleaned_data["version"]
    return actions.change_target(by=by, code=code, draft=form.draft(), version=version)


@require_POST
def on(request: SignedIn, code: str) -> HttpResponse:
    try:
        actions.switch_target(by=request.actor, code=code, on=True)
        messages.success(request, _("Switched on: records opened from now on are measured by it."))
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    return redirect("settings:service_levels")


@require_POST
def off(request: SignedIn, code: str) -> HttpResponse:
    actions.switch_target(by=request.actor, code=code, on=False)
    messages.success(request, _("Switched off. Clocks that run go on until something about their record changes."))
    return redirect("settings:service_levels")


@require_POST
def remove(request: SignedIn, code: str) -> HttpResponse:
    actions.remove_target(by=request.actor, code=code)
    messages.success(request, _("The target was removed."))
    return redirect("settings:service_levels")


@require_POST
def up(request: SignedIn, code: str) -> HttpResponse:
    order = one_up((one.code for one in queries.targets(request.actor).book.targets), code)
    actions.order_targets(by=request.actor, codes=order)
    return redirect("settings:service_levels")


@require_POST
def renew(request: SignedIn) -> HttpResponse:
    actions.renew_clocks(by=request.actor)
    messages.success(request, _("Open records take the targets in force, one after the other."))
    return redirect("settings:service_levels")


@require_http_methods(["GET", "POST"])
def stuck(request: SignedIn) -> HttpResponse:
    _must_configure(request.actor)
    limits = queries.targets(request.actor).book.stuck
    form = forms.StuckForm(asked(request), initial=forms.stuck_starting(limits))
    if submitted(form, lambda it: [actions.set_stuck_limits(by=request.actor, **form.limits)]):
        messages.success(request, _("Saved."))
        return redirect("settings:service_levels")
    context = {"title": _("When a record counts as stuck"), "form": form}
    return render(request, "web/settings/stuck.html", context, status=status_of(form))
