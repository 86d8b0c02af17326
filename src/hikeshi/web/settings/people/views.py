from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings.listing import listed
from hikeshi.web.settings.people import forms
from hikeshi.web.signin import places
from hikeshi.web.submitting import submitted


@require_GET
def people(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    form = forms.Find(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    page = listed(request, queries.people(request.actor, q=q), order="username", q=q)
    context = {"title": _("Users"), "form": form, "may_manage": request.actor.may(Verb.MANAGE), **page}
    return render(request, "web/settings/people.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.NewPerson(request.actor, asked(request), initial={"language": queries.site().language})
    added = submitted(form, lambda values: _add(request.actor, values))
    if added:
        messages.success(request, _("Added. Give them a role, then a link to choose a password."))
        return redirect("settings:person", added.uuid)
    context = {"title": _("New person"), "form": form}
    return render(request, "web/settings/new_person.html", context, status=status_of(form))


def _add(by: Actor, values: dict[str, str]) -> queries.Person:
    chosen = {name: value for name, value in values.items() if name != "organisation"}
    return accounts.add_person(by=by, organisation=UUID(values["organisation"]), **chosen)


@require_GET
def person(request: SignedIn, person: UUID) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    shown = queries.person(request.actor, person)
    context = {
        "title": shown.name,
        "person": shown,
        "form": forms.EditPerson(initial={"name": shown.name, "email": shown.email}),
        "grant": forms.Grant(request.actor),
        "grants": queries.grants(request.actor, shown),
        "factors": queries.second_factors(shown),
        **_managed(request.actor, shown),
    }
    return render(request, "web/settings/person.html", context)


def _managed(by: Actor, shown: queries.Person) -> dict[str, object]:
    """What only whoever manages the person gets to see."""
    if not by.may(Verb.MANAGE, shown.organisation_id):
        return {"may_manage": False}
    belong = forms.Belong(by, initial={"organisation": shown.organisation.uuid})
    return {"may_manage": True, "belong": belong, "sessions": queries.sessions_of(by, shown).count()}


@proven_again
@require_POST
def move(request: SignedIn, person: UUID) -> HttpResponse:
    moved = queries.person(request.actor, person)
    request.actor.must(Verb.MANAGE, moved.organisation_id)
    form = forms.Belong(request.actor, request.POST)
    if submitted(form, lambda it: _move(request.actor, person, it)):
        messages.success(request, _("Moved. Their roles stay where they were given."))
    for error in form.errors.values():
        messages.error(request, " ".join(str(one) for one in error))
    return redirect("settings:person", person)


def _move(by: Actor, person: UUID, it: dict[str, str]) -> object:
    return accounts.move_person(by=by, person=person, organisation=UUID(it["organisation"]))


@proven_again
@require_POST
def edit(request: SignedIn, person: UUID) -> HttpResponse:
    form = forms.EditPerson(request.POST)
    if submitted(form, lambda values: accounts.edit_person(by=request.actor, person=person, **values)):
        messages.success(request, _("Saved."))
    for error in form.errors.values():
        messages.error(request, " ".join(str(one) for one in error))
    return redirect("settings:person", person)


@proven_again
@require_POST
def grant(request: SignedIn, person: UUID) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    holder = queries.person(request.actor, person)
    form = forms.Grant(request.actor, request.POST)
    if submitted(form, lambda values: _grant(request.actor, holder, values)):
        messages.success(request, _("The role was given."))
    for error in form.errors.values():
        messages.error(request, " ".join(str(one) for one in error))
    return redirect("settings:person", person)


def _grant(by: Actor, holder: queries.Person, values: dict[str, str]) -> object:
    place = UUID(values["organisation"])
    return accounts.grant_role(by=by, person=holder.uuid, role=values["role"], organisation=place)


@proven_again
@require_POST
def revoke(request: SignedIn, person: UUID, role: str, organisation: UUID) -> HttpResponse:
    accounts.revoke_role(by=request.actor, person=person, role=role, organisation=organisation)
    messages.success(request, _("The role was taken away."))
    return redirect("settings:person", person)


@proven_again
@require_POST
def invite(request: SignedIn, person: UUID) -> HttpResponse:
    secret = accounts.invite(by=request.actor, person=person)
    link = places.address(request, reverse("invitation", args=[secret]))
    shown = queries.person(request.actor, person)
    context = {"title": _("Link to choose a password"), "person": shown, "link": link}
    return render(request, "web/settings/invitation.html", context)


def _on_person(act: Callable[..., object], said: Callable[[], str]) -> Callable[[SignedIn, UUID], HttpResponse]:
    @proven_again
    @require_POST
    def view(request: SignedIn, person: UUID) -> HttpResponse:
        act(by=request.actor, person=person)
        messages.success(request, said())
        return redirect("settings:person", person)

    return view


@proven_again
@require_http_methods(["GET", "POST"])
def deactivate(request: SignedIn, person: UUID) -> HttpResponse:
    """What rests on them stands there before it is done."""
    request.actor.must(Verb.MANAGE)
    gone = queries.person(request.actor, person)
    request.actor.must(Verb.MANAGE, gone.organisation_id)
    form = forms.LetGo(request.actor, gone, asked(request))
    if submitted(form, lambda it: accounts.let_go(by=request.actor, person=person, **form.said())):
        messages.success(request, _("The account is out of use; every browser was signed out."))
        return redirect("settings:person", person)
    context = {"title": _("Put %(name)s out of use") % {"name": gone.name}, "person": gone, "form": form}
    return render(request, "web/settings/let_go.html", {**context, "rests": form.shown}, status=status_of(form))


sign_out = _on_person(accounts.sign_out_person, lambda: _("Every browser of theirs was signed out."))
reactivate = _on_person(accounts.reactivate_person, lambda: _("The account is in use again."))
remove_second_factors = _on_person(
    accounts.remove_second_factors, lambda: _("Every second factor was removed; the password alone opens the account.")
)
