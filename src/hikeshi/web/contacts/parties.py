"""Outside parties and their desks, contracts, and who does what."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import actions, contacts
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import refusals
from hikeshi.phrases.wording import told
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.contacts import forms
from hikeshi.web.settings import changes
from hikeshi.web.settings.listing import listed
from hikeshi.web.settings.saving import saved


@require_GET
def listing(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    form = forms.Find(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    q, kind, retired = said.get("q", ""), said.get("kind", ""), "retired" in request.GET
    rows = contacts.parties(request.actor, q=q, kind=kind, retired=retired).prefetch_related("ways", "desks__ways")
    page = listed(request, rows, order="id", q=q, kind=kind, retired="1" if retired else "")
    may = {"may_manage": request.actor.may(Verb.MANAGE), "retired": retired}
    context = {"title": _("Contacts"), "form": form, "narrowed": bool(q or kind), **page, **may}
    return render(request, "web/contacts/parties.html", {**context, "breadth": "broad"})


@require_GET
def party(request: SignedIn, party: UUID) -> HttpResponse:
    whole = contacts.whole_party(request.actor, party)
    if whole.under is not None:
        return redirect("web:party", whole.under.uuid)
    context = {"title": whole.name, "party": whole, "may_keep": contacts.may_keep(request.actor, whole)}
    changed = changes.of_subject(whole.ref)
    return render(request, "web/contacts/party.html", {**context, "changed": changed})


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.Party(request.actor, asked(request))
    added = saved(form, lambda it: _add(request.actor, form, UUID(it["organisation"]) if it["organisation"] else None))
    if added:
        messages.success(request, _("Added. Now say how they are reached."))
        return redirect("web:party", added.uuid)
    context = {"title": _("New outside party"), "form": form, "back": "web:parties"}
    return render(request, "web/contacts/party_form.html", context, status=form.status)


def _add(by: Actor, form: forms.Party, organisation: UUID | None) -> contacts.Party:
    return actions.add_party(by=by, draft=form.draft(), organisation=organisation)


@require_http_methods(["GET", "POST"])
def new_desk(request: SignedIn, party: UUID) -> HttpResponse:
    above = contacts.party(request.actor, party)
    request.actor.must(Verb.MANAGE, above.organisation_id)
    start = {"language": above.language, "time_zone": above.time_zone}
    form = forms.Party(request.actor, asked(request), desk=True, initial=start)
    if saved(form, lambda it: actions.add_party(by=request.actor, draft=form.draft(above.kind), under=party)):
        messages.success(request, _("Added. Now say how they are reached."))
        return redirect("web:party", party)
    title = told(_("New desk or person at %(name)s"), name=above.name)
    context = {"title": title, "form": form, "party": above}
    return render(request, "web/contacts/party_form.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, party: UUID) -> HttpResponse:
    held = contacts.party(request.actor, party)
    request.actor.must(Verb.MANAGE, held.organisation_id)
    desk = held.under is not None
    form = forms.Party(request.actor, asked(request), party=held, desk=desk, initial=forms.party_stated(held))
    if saved(form, lambda it: _edit(request.actor, held, form)):
        messages.success(request, _("Saved."))
        return redirect("web:party", held.under.uuid if held.under else party)
    title = told(_("Change %(name)s"), name=held.name)
    context = {"title": title, "form": form, "party": held.under or held}
    return render(request, "web/contacts/party_form.html", context, status=form.status)


def _edit(by: Actor, held: contacts.Party, form: forms.Party) -> contacts.Party:
    version = form.cleaned_data["version"]
    return actions.edit_party(by=by, party=held.uuid, draft=form.draft(held.kind), version=version)


@require_http_methods(["GET", "POST"])
def responsibilities(request: SignedIn, party: UUID) -> HttpResponse:
    shared = contacts.whole_party(request.actor, party)
    request.actor.must(Verb.MANAGE, shared.organisation_id)
    first = list(shared.responsibilities.values("service", "task", "who", "note"))
    lines = forms.Responsibilities(asked(request), initial=first, prefix="lines")
    wrong = ""
    if lines.is_bound and lines.is_valid():
        try:
            actions.set_responsibilities(by=request.actor, party=party, lines=forms.responsibility_lines(lines))
        except Invalid as refusal:
            wrong = refusals.sentence(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("web:party", party)
    title = told(_("Who does what with %(name)s"), name=shared.name)
    context = {"title": title, "lines": lines, "party": shared, "wrong": wrong, "breadth": "broad"}
    return render(request, "web/contacts/responsibilities.html", context, status=422 if lines.is_bound else 200)


def _on_party(act: Callable[..., contacts.Party], said: Callable[[], str]) -> Callable[[SignedIn, UUID], HttpResponse]:
    @require_POST
    def view(request: SignedIn, party: UUID) -> HttpResponse:
        held = act(by=request.actor, party=party)
        messages.success(request, said())
        return redirect("web:party", held.under.uuid if held.under else party)

    return view


retire = _on_party(actions.retire_party, lambda: _("Out of use: nobody is sent there any more."))
reinstate = _on_party(actions.reinstate_party, lambda: _("In use again."))
