"""The ways somebody is reached by: added, changed, tried, doubted."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hikeshi.accounts import actions, contacts, queries
from hikeshi.accounts.ways import Proof, Trouble
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import refusals
from hikeshi.phrases.wording import told
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.contacts import forms, leaving
from hikeshi.web.submitting import submitted


@proven_again
@require_http_methods(["GET", "POST"])
def new_of_person(request: SignedIn, person: UUID) -> HttpResponse:
    return _new(request, queries.person(request.actor, person), f"person:{person}")


@proven_again
@require_http_methods(["GET", "POST"])
def new_of_party(request: SignedIn, party: UUID) -> HttpResponse:
    return _new(request, contacts.party(request.actor, party), f"party:{party}")


def _new(request: SignedIn, owner: leaving.Owner, ref: str) -> HttpResponse:
    leaving.must_keep(request.actor, owner)
    form, back = forms.Way(asked(request)), leaving.home_of(request.actor, owner)
    if submitted(form, lambda it: actions.add_way(by=request.actor, owner=ref, **form.said)):
        messages.success(request, _("Added. It counts as proven once somebody answered there."))
        return redirect(back)
    context = {"title": told(_("New way to reach %(name)s"), name=owner.name), "form": form, "back": back}
    return render(request, "web/contacts/form.html", context, status=status_of(form))


@proven_again
@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, way: UUID) -> HttpResponse:
    row = contacts.stored_way(request.actor, way)
    owner = leaving.owner_of(row)
    leaving.must_keep(request.actor, owner)
    form, back = forms.Way(asked(request), way=row), leaving.home_of(request.actor, owner)
    if submitted(form, lambda it: _change(request, way, form.said)):
        messages.success(request, _("Saved."))
        return redirect(back)
    context = {"title": told(_("Change a way to reach %(name)s"), name=owner.name), "form": form, "back": back}
    return render(request, "web/contacts/form.html", context, status=status_of(form))


def _change(request: SignedIn, way: UUID, said: dict[str, str]) -> object:
    address = said.pop("address") or None
    return actions.change_way(by=request.actor, way=way, address=address, **said)


@require_POST
def prove(request: SignedIn, way: UUID) -> HttpResponse:
    """By oneself it is confirmed; of somebody else, one has called."""
    owner = leaving.owner_of(contacts.stored_way(request.actor, way))
    own = not isinstance(owner, contacts.Party) and owner.pk == request.actor.person_id
    how = Proof.CONFIRMED if own else Proof.CALLED
    return _done(request, way, lambda: actions.prove_way(by=request.actor, way=way, how=how), _("Marked as proven."))


@require_POST
def doubt(request: SignedIn, way: UUID) -> HttpResponse:
    why = request.POST.get("why") or Trouble.SILENT
    said = _("Marked: it is not relied on until it is proven again.")
    return _done(request, way, lambda: actions.doubt_way(by=request.actor, way=way, why=why), said)


@proven_again
@require_POST
def first(request: SignedIn, way: UUID) -> HttpResponse:
    owner = leaving.owner_of(contacts.stored_way(request.actor, way))
    ref = owner.ref if isinstance(owner, contacts.Party) else f"person:{owner.uuid}"
    act = lambda: actions.order_ways(by=request.actor, owner=ref, order=[way])  # noqa: E731  # handed on
    return _done(request, way, act, _("It is tried first now."))


@proven_again
@require_POST
def remove(request: SignedIn, way: UUID) -> HttpResponse:
    return _done(request, way, lambda: actions.remove_way(by=request.actor, way=way), _("Removed."))


def _done(request: SignedIn, way: UUID, act: Callable[[], object], said: str) -> HttpResponse:
    back = leaving.home_of(request.actor, leaving.owner_of(contacts.stored_way(request.actor, way)))
    try:
        act()
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    else:
        messages.success(request, said)
    return redirect((request.POST.get("stale") and "web:stale_contacts") or back)
