from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.phrases import refusals
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.settings.listing import listed
from hikeshi.web.settings.teams import forms
from hikeshi.web.submitting import submitted


@require_GET
def teams(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    page = listed(request, queries.teams(request.actor), order="id")
    context = {"title": _("Teams"), "may_manage": request.actor.may(Verb.MANAGE), **page}
    return render(request, "web/settings/teams.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.NewTeam(request.actor, asked(request))
    added = submitted(form, lambda it: _add(request.actor, it))
    if added:
        messages.success(request, _("The team was added."))
        return redirect("settings:teams")
    context = {"title": _("New team"), "form": form}
    return render(request, "web/settings/team.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def team(request: SignedIn, team: UUID) -> HttpResponse:
    shown = queries.team(request.actor, team)
    may_manage = request.actor.may(Verb.MANAGE, shown.organisation_id)
    if request.method == "POST" and not may_manage:
        raise NotAllowed(Verb.MANAGE)
    form = forms.Team(request.actor, asked(request), initial=_starting(shown))
    if submitted(form, lambda it: _change(request.actor, team, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:teams")
    context = {"title": shown.name, "team": shown, "form": form, "may_manage": may_manage}
    return render(request, "web/settings/team.html", context, status=status_of(form))


def _starting(shown: queries.Team) -> dict[str, str]:
    held = list(shown.memberships.all())
    lead = next((one.person.username for one in held if one.lead), "")
    return {"name": shown.name, "members": "\n".join(sorted(one.person.username for one in held)), "lead": lead}


@dataclass(frozen=True, slots=True)
class _Said:
    name: str
    people: list[UUID]
    lead: UUID | None


def _said(it: Mapping[str, object]) -> _Said:
    members, lead = it["members"], it["lead"]
    people = [one.uuid for one in members] if isinstance(members, list) else []
    return _Said(str(it["name"]), people, lead.uuid if isinstance(lead, queries.Person) else None)


def _add(by: Actor, it: Mapping[str, object]) -> object:
    said, place = _said(it), UUID(str(it["organisation"]))
    return accounts.add_team(by=by, organisation=place, name=said.name, people=said.people, lead=said.lead)


def _change(by: Actor, team: UUID, it: Mapping[str, object]) -> object:
    said = _said(it)
    return accounts.change_team(by=by, team=team, name=said.name, people=said.people, lead=said.lead)


@require_POST
def remove(request: SignedIn, team: UUID) -> HttpResponse:
    try:
        accounts.remove_team(by=request.actor, team=team)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
        return redirect("settings:team", team)
    messages.success(request, _("The team was removed; its people stay."))
    return redirect("settings:teams")
