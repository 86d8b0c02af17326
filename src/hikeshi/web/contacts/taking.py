"""Contacts to take away: people, outside parties, and the ways that are to be mended."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import contacts, queries
from hikeshi.accounts import stale as staleness
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.queries import Organisation, Person
from hikeshi.phrases import labels
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.contacts import forms, showing
from hikeshi.web.lists import Column


def _ways(ways: Iterable[contacts.StoredWay]) -> str:
    return "; ".join(f"{labels.label('way_kind', one.kind)} {showing.address_of(one)}" for one in ways)


def _whose(way: contacts.StoredWay) -> str:
    if way.person is not None:
        return way.person.name
    return way.party.name if way.party is not None else ""


PEOPLE: Sequence[Column[Person]] = (
    Column("name", _("Name"), lambda it: it.name),
    Column("username", _("User name"), lambda it: it.username),
    Column("organisation", _("Organisation"), lambda it: it.organisation.name),
    Column("duty", _("Called for"), lambda it: contacts.card_of(it).duty),
    Column("hours", _("When they are there"), lambda it: contacts.card_of(it).hours),
    Column("ways", _("Reached by"), lambda it: _ways(it.ways.all())),
    Column("deputy", _("Deputy"), lambda it: str(getattr(contacts.card_of(it).deputy, "name", ""))),
)
PARTIES: Sequence[Column[contacts.Party]] = (
    Column("name", _("Name"), lambda it: it.name),
    Column("kind", _("Kind"), lambda it: it.kind, "party_kind"),
    Column("duty", _("Called for"), lambda it: it.duty),
    Column("ways", _("Reached by"), lambda it: _ways(it.ways.all())),
    Column("hours", _("When they are there"), lambda it: it.hours),
    Column("contract_until", _("Contract runs until"), lambda it: it.contract_until),
    Column("uuid", _("Identifier"), lambda it: str(it.uuid)),
)
STALE: Sequence[Column[contacts.StoredWay]] = (
    Column("whose", _("Whose"), _whose),
    Column("kind", _("Kind"), lambda it: it.kind, "way_kind"),
    Column("address", _("Number or address"), showing.address_of),
    Column("label", _("Note"), lambda it: it.label),
    Column("proven_at", _("Proof"), lambda it: it.proven_at),
    Column("trouble", _("Trouble"), lambda it: it.trouble, "way_trouble"),
)


def _people(request: SignedIn) -> lists.Pages[Person]:
    request.actor.must(Verb.VIEW)
    form = forms.Find(request.GET)
    rows = queries.people(request.actor, q=form.cleaned_data["q"] if form.is_valid() else "", active=True)
    return lists.newest(rows.prefetch_related("ways", "card__deputy"), (("organisation", Organisation),))


def _parties(request: SignedIn) -> lists.Pages[contacts.Party]:
    request.actor.must(Verb.VIEW)
    form = forms.Find(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    q, kind, retired = said.get("q", ""), said.get("kind", ""), "retired" in request.GET
    return lists.newest(contacts.parties(request.actor, q=q, kind=kind, retired=retired).prefetch_related("ways"))


def _stale(request: SignedIn) -> lists.Pages[contacts.StoredWay]:
    request.actor.must(Verb.VIEW)
    return lists.newest(staleness.ways(request.actor), (("person", Person), ("party", contacts.Party)))


people = lists.view(lists.List("contacts", _("Contacts"), PEOPLE), _people)
parties = lists.view(lists.List("parties", _("Outside"), PARTIES), _parties)
stale = lists.view(lists.List("contacts-to-mend", _("Contacts to mend"), STALE), _stale)
