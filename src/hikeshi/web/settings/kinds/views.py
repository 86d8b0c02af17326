from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.vocabularies import Subject
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.phrases import labels
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.settings import versions
from hikeshi.web.settings.kinds import forms
from hikeshi.web.settings.ordering import one_up
from hikeshi.web.settings.saving import saved


@require_GET
def kinds(request: SignedIn) -> HttpResponse:
    context = {"title": _("Kinds"), "kinds": incidents.in_use().kinds, **versions.known(request.actor, Subject.KINDS)}
    return render(request, "web/settings/kinds.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    _must_configure(request.actor)
    form = forms.NewKind(asked(request), initial={"rsit": "other/other", "veris": "none"})
    if saved(form, lambda it: actions.add_kind(by=request.actor, **_said(it))):
        messages.success(request, _("The kind was added."))
        return redirect("settings:kinds")
    context = {"title": _("New kind"), "form": form, "back": "settings:kinds"}
    return render(request, "web/settings/versioned.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def kind(request: SignedIn, code: str) -> HttpResponse:
    _must_configure(request.actor)
    known = incidents.in_use().kinds.get(code)
    if known is None:
        raise NotFound("kind")
    form = forms.Kind(asked(request), initial=forms.starting(known, incidents.latest(Subject.KINDS)))
    if saved(form, lambda it: [actions.edit_kind(by=request.actor, code=code, version=_version(it), **_said(it))]):
        messages.success(request, _("Saved. Records keep the words they were judged by."))
        return redirect("settings:kinds")
    title = labels.label("kind", code)
    context = {"title": title, "form": form, "back": "settings:kinds", **versions.known(request.actor, Subject.KINDS)}
    return render(request, "web/settings/versioned.html", context, status=form.status)


def _said(it: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in it.items() if name != "version"}


def _version(it: dict[str, str]) -> int | None:
    return int(it["version"]) if it["version"] not in {None, ""} else None


def _must_configure(by: Actor) -> None:
    if not incidents.may_configure(by):
        raise NotAllowed(Verb.CONFIGURE)


@require_POST
def retire(request: SignedIn, code: str) -> HttpResponse:
    actions.retire_kind(by=request.actor, code=code)
    messages.success(request, _("Retired: it can no longer be chosen. Records that have it keep it."))
    return redirect("settings:kinds")


@require_POST
def restore(request: SignedIn, code: str) -> HttpResponse:
    actions.retire_kind(by=request.actor, code=code, retired=False)
    messages.success(request, _("Back in use."))
    return redirect("settings:kinds")


@require_POST
def up(request: SignedIn, code: str) -> HttpResponse:
    order = one_up(incidents.in_use().kinds, code)
    actions.order_kinds(by=request.actor, codes=order)
    return redirect("settings:kinds")


@require_POST
def go_back(request: SignedIn, subject: str, number: int) -> HttpResponse:
    if subject not in set(Subject):
        raise NotFound("vocabulary")
    actions.roll_back(by=request.actor, subject=Subject(subject), number=number)
    messages.success(request, _("The earlier version is in force again, as a new one."))
    return redirect({"kinds": "settings:kinds", "courses": "settings:courses"}.get(subject, "settings:matrix"))
