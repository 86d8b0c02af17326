"""Where one was when one changed a way: one's own account, somebody's entry, or a party's."""

from django.urls import reverse

from hikeshi.accounts import contacts, queries
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel.acting import Actor

Owner = queries.Person | contacts.Party


def home_of(by: Actor, owner: Owner) -> str:
    if isinstance(owner, contacts.Party):
        return reverse("web:party", args=[owner.under.uuid if owner.under else owner.uuid])
    if owner.pk == by.person_id:
        return reverse("account_ways")
    return reverse("web:contact", args=[owner.uuid])


def must_keep(by: Actor, owner: Owner) -> None:
    """Before a form is shown; the action weighs it again. Raises NotAllowed."""
    if isinstance(owner, contacts.Party) or owner.pk != by.person_id:
        by.must(Verb.MANAGE, owner.organisation_id)


def owner_of(way: contacts.StoredWay) -> Owner:
    return contacts.holder(way)
