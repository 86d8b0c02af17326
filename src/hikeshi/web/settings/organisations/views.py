from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import refusals
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings.organisations import forms
from hikeshi.web.submitting import submitted


@require_GET
def organisations(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    rows = queries.organisations(request.actor)
    context = {"title": _("Organisations"), "organisations": rows, "may_manage": request.actor.may(Verb.MANAGE)}
    return render(request, "web/settings/organisations.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.NewOrganisation(request.actor, asked(request), initial={"parent": request.GET.get("parent")})
    added = submitted(
        form, lambda it: accounts.add_organisation(by=request.actor, name=it["name"], parent=UUID(it["parent"]))
    )
    if added:
        messages.success(request, _("The organisation was added."))
        return redirect("settings:organisations")
    context = {"title": _("New organisation"), "form": form}
    return render(request, "web/settings/form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def rename(request: SignedIn, organisation: UUID) -> HttpResponse:
    place = queries.organisation(request.actor, organisation, Verb.MANAGE)
    form = forms.Rename(asked(request), initial={"name": place.name})
    renamed = submitted(
        form, lambda it: accounts.rename_organisation(by=request.actor, organisation=organisation, name=it["name"])
    )
    if renamed:
        return redirect("settings:organisations")
    context = {"title": _("Rename the organisation"), "form": form}
    return render(request, "web/settings/form.html", context, status=status_of(form))


@proven_again
@require_http_methods(["GET", "POST"])
def move(request: SignedIn, organisation: UUID) -> HttpResponse:
    place = queries.organisation(request.actor, organisation, Verb.MANAGE)
    form = forms.Move(request.actor, organisation, asked(request))
    moved = submitted(
        form,
        lambda it: accounts.move_organisation(by=request.actor, organisation=organisation, parent=UUID(it["parent"])),
    )
    if moved:
        return redirect("settings:organisations")
    note = _("Roles held above the old place no longer reach it; roles above the new place do.")
    context = {"title": place.name, "form": form, "note": note}
    return render(request, "web/settings/form.html", context, status=status_of(form))


@proven_again
@require_POST
def retire(request: SignedIn, organisation: UUID) -> HttpResponse:
    try:
        accounts.retire_organisation(by=request.actor, organisation=organisation)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("The organisation is out of use. What was done there stays."))
    return redirect("settings:organisations")


@proven_again
@require_POST
def reinstate(request: SignedIn, organisation: UUID) -> HttpResponse:
    try:
        accounts.reinstate_organisation(by=request.actor, organisation=organisation)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("The organisation is in use again."))
    return redirect("settings:organisations")
