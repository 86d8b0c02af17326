from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries, team_uses
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.ways import Way
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.phrases import refusals
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.contacts.resting import shown
from hikeshi.web.settings.listing import listed
from hikeshi.web.settings.teams import forms
from hikeshi.web.submitting import submitted


@require_GET
def teams(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    retired = bool(request.GET.get("retired"))
    kept = {"retired": "1" if retired else ""}
    page = listed(request, queries.teams(request.actor, retired=retired), order="id", **kept)
    context = {"title": _("Teams"), "may_manage": request.actor.may(Verb.MANAGE), "retired": retired, **page}
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
    held = queries.team(request.actor, team)
    may_manage = request.actor.may(Verb.MANAGE, held.organisation_id)
    if request.method == "POST" and not may_manage:
        raise NotAllowed(Verb.MANAGE)
    form = forms.Team(request.actor, asked(request), initial=_starting(held))
    if submitted(form, lambda it: _change(request.actor, team, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:teams")
    context = {"title": held.name, "team": held, "form": form, "may_manage": may_manage, "ways": _ways(held)}
    return render(request, "web/settings/team.html", context, status=status_of(form))


def _ways(team: queries.Team) -> Mapping[str, Sequence[Way]]:
    """By which each member is reached: whoever relies on a team sees who of it cannot be."""
    return queries.ways_of([f"person:{one.person.uuid}" for one in team.memberships.all()])


def _starting(team: queries.Team) -> dict[str, str]:
    held = list(team.memberships.all())
    lead = next((one.person.username for one in held if one.lead), "")
    return {"name": team.name, "members": "\n".join(sorted(one.person.username for one in held)), "lead": lead}


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


@require_http_methods(["GET", "POST"])
def retire(request: SignedIn, team: UUID) -> HttpResponse:
    """What names it stands there before it is done."""
    request.actor.must(Verb.MANAGE)
    gone = queries.team(request.actor, team)
    request.actor.must(Verb.MANAGE, gone.organisation_id)
    form = Form(asked(request))
    if submitted(form, lambda it: accounts.retire_team(by=request.actor, team=team)):
        messages.success(request, _("The team is out of use. Where it is named it can still be read; its people stay."))
        return redirect("settings:team", team)
    rests = shown(team_uses.of(request.actor, gone))
    stuck = any(one.breaks for one in rests)
    context = {"title": gone.name, "team": gone, "form": form}
    return render(
        request, "web/settings/retire_team.html", {**context, "rests": rests, "stuck": stuck}, status=status_of(form)
    )


@require_POST
def reinstate(request: SignedIn, team: UUID) -> HttpResponse:
    try:
        accounts.reinstate_team(by=request.actor, team=team)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("The team is in use again, with the people it had."))
    return redirect("settings:team", team)
