"""People and how each is reached; what would fail in the night it is needed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.accounts import actions, contacts, queries
from hikeshi.accounts import stale as staleness
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import paginate
from hikeshi.phrases.wording import told
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.account.reader import proven_again
from hikeshi.web.contacts import forms, leaving
from hikeshi.web.filtering import LIMIT
from hikeshi.web.settings.listing import listed
from hikeshi.web.submitting import submitted


@require_GET
def people(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    form = forms.Find(request.GET)
    q = form.cleaned_data["q"] if form.is_valid() else ""
    rows = queries.people(request.actor, q=q, active=True).select_related("card__deputy").prefetch_related("ways")
    page = listed(request, rows, order="username", q=q)
    context = {"title": _("Contacts"), "form": form, "counts": staleness.counts(request.actor), **page}
    return render(request, "web/contacts/people.html", {**context, "breadth": "broad"})


@require_GET
def contact(request: SignedIn, person: UUID) -> HttpResponse:
    holder = queries.person(request.actor, person)
    rows = contacts.ways_of_person(request.actor, person)
    mine = holder.pk == request.actor.person_id
    may = {"mine": mine, "may_keep": mine or request.actor.may(Verb.MANAGE, holder.organisation_id)}
    context = {"title": holder.name, "person": holder, "ways": rows, "card": contacts.card_of(holder)}
    return render(request, "web/contacts/person.html", {**context, **may})


@proven_again
@require_http_methods(["GET", "POST"])
def card(request: SignedIn, person: UUID) -> HttpResponse:
    holder = queries.person(request.actor, person)
    leaving.must_keep(request.actor, holder)
    form = forms.Card(request.actor, holder, asked(request), initial=_stated(contacts.card_of(holder)))
    if submitted(form, lambda it: _set(request.actor, person, it)):
        messages.success(request, _("Saved."))
        return redirect(leaving.home_of(request.actor, holder))
    context = {"title": told(_("Entry of %(name)s"), name=holder.name), "form": form}
    context |= {"back": leaving.home_of(request.actor, holder)}
    return render(request, "web/contacts/form.html", context, status=status_of(form))


def _stated(card: contacts.Card) -> dict[str, str]:
    return {"duty": card.duty, "hours": card.hours, "deputy": str(card.deputy.uuid) if card.deputy else ""}


def _set(by: Actor, person: UUID, it: dict[str, str]) -> object:
    deputy = UUID(it["deputy"]) if it["deputy"] else None
    return actions.set_card(by=by, person=person, duty=it["duty"], hours=it["hours"], deputy=deputy)


@require_GET
def stale(request: SignedIn) -> HttpResponse:
    """The loudest first: whoever cannot be reached at all."""
    by = request.actor
    by.must(Verb.VIEW)
    cursor = request.GET.get("cursor")
    page = paginate(staleness.ways(by), order=staleness.ORDER, cursor=cursor, limit=LIMIT)
    loud: dict[str, object] = {"people": staleness.people_without_way(by)[: staleness.MOST_LOUD]}
    loud |= {"parties": staleness.parties_without_way(by)[: staleness.MOST_LOUD]}
    rules = contacts.rules()
    rows = [(one, staleness.keeper_of(one, rules)) for one in page.items]
    following = f"cursor={page.next}" if page.next else ""
    context = {"title": _("Contacts to mend"), "page": page, "rows": rows, "next": following, "cursor": cursor}
    context |= {"deputies": staleness.deputies_gone(by)[: staleness.MOST_LOUD], "rules": rules, **loud}
    return render(request, "web/contacts/stale.html", {**context, "breadth": "broad"})
