from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.load import actions, queries
from hikeshi.load.permissions import Verb
from hikeshi.phrases.wording import told
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.leaving import done
from hikeshi.web.load import forms, shown
from hikeshi.web.settings.saving import saved
from hikeshi.web.submitting import submitted


@require_GET
def board(request: SignedIn) -> HttpResponse:
    page = shown.board_page(request.actor, request.GET.get("team", ""), request.GET.get("page", "1"))
    return render(request, "web/load/board.html", {"title": _("Load"), "page": page, "live": "incidents oncall load"})


@require_GET
def person(request: SignedIn, person: UUID) -> HttpResponse:
    page = shown.person_page(request.actor, person, request.GET.get("cursor"))
    title = told(_("Load of %(name)s"), name=page.one.person.name)
    return render(request, "web/load/person.html", {"title": title, "page": page, "live": "incidents"})


@require_http_methods(["GET", "POST"])
def profile(request: SignedIn, person: UUID) -> HttpResponse:
    found, row = queries.profile(request.actor, person)
    if not queries.may_manage(request.actor, found):
        raise NotAllowed(Verb.MANAGE)
    names = queries.settings(request.actor).book.names
    form = forms.Profiled(names, asked(request), initial=forms.starting(row.weekly, row.skills, row.version))
    if saved(form, lambda it: _set_profile(request, person, form)):
        messages.success(request, _("Saved."))
        return done(request, "web:load_of", person)
    context = {"title": told(_("Skills and hours of %(name)s"), name=found.name), "form": form, "person": found}
    return render(request, "web/load/profile.html", context, status=form.status)


def _set_profile(request: SignedIn, person: UUID, form: forms.Profiled) -> object:
    said = form.cleaned_data
    return actions.set_profile(
        by=request.actor, person=person, weekly=form.weekly, skills=said["skills"], version=said["version"]
    )


@require_http_methods(["GET", "POST"])
def hand_over(request: SignedIn) -> HttpResponse:
    request.actor.must(Incidents.WORK)
    refs = (request.POST if request.method == "POST" else request.GET).getlist("ref")
    if not refs:
        messages.error(request, _("Choose one record at least."))
        return redirect("web:load")
    found = queries.candidates_for(request.actor, refs)
    form = forms.HandOver(*found, asked(request), initial={"owner": request.GET.get("owner", "")})
    sure = request.POST.get("do") == "sure"
    moved = submitted(form, lambda it: _hand_over(request, refs, it)) if sure else None
    if moved:
        messages.success(request, _("Handed over. Records: %(count)s") % {"count": form.moved})
        return redirect("web:load")
    status = 200 if form.chosen else status_of(form)
    return render(request, "web/load/hand_over.html", {"title": _("Hand over"), "form": form}, status=status)


def _hand_over(request: SignedIn, refs: list[str], said: dict[str, str]) -> list[Incident]:
    return actions.hand_over(by=request.actor, refs=refs, owner=said["owner"], note=said["note"])
