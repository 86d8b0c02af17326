"""Who is who: by a code typed in the chat tool, or by whoever looks after it."""

import secrets
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.texts import words
from hikeshi.ledger.acts import action, record
from hikeshi.rooms import facts, sealed
from hikeshi.rooms.actions.workspaces import TOPICS, held
from hikeshi.rooms.models import Link, LinkCode, Workspace
from hikeshi.rooms.permissions import Verb
from hikeshi.rooms.refusals import CodeUnknown

LIFE: Final = timedelta(minutes=10)
LETTERS: Final = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no letter that looks like another: people type this
LENGTH: Final = 10
CHAT_ID: Final = 200


@action
def make_link_code(*, by: Actor) -> str:
    """For whoever is signed in: typed in a chat tool within ten minutes, it says who they are there. The one before it
    ends. No fact: what it is used for has its own. Raises NotAllowed.
    """
    if by.person_id is None:
        raise NotAllowed(Verb.CONFIGURE)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    fresh = {"digest": _digest(code), "expires_at": clock.now() + LIFE}
    LinkCode.objects.update_or_create(person_id=by.person_id, defaults=fresh)
    return f"{code[:5]}-{code[5:]}"


@action
def link_by_code(*, by: Actor, workspace: UUID, chat_id: str, code: str) -> Link:
    """For the chat door, which has checked that the tool says so. Raises NotAllowed, NotFound, CodeUnknown."""
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    row = held(workspace)
    typed = "".join(one for one in code.upper() if one.isalnum())
    found = LinkCode.objects.select_related("person").filter(digest=_digest(typed), expires_at__gt=clock.now()).first()
    if found is None or not found.person.is_active:
        raise CodeUnknown
    if not LinkCode.objects.filter(pk=found.pk, digest=found.digest).delete()[0]:
        raise CodeUnknown  # somebody else was faster with it

    return _link(accounts.actor_of(found.person), row, found.person, chat_id, confirmed=True)


@action
def map_person(*, by: Actor, workspace: UUID, person: str, chat_id: str) -> Link:
    """Writes down who somebody is there (``person`` is a user name). It counts once they have confirmed it. Raises
    NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = held(workspace)
    account = words(chat_id, field="chat_id", most=CHAT_ID)
    if not account.isascii() or not account.isprintable() or " " in account:
        raise Invalid("chat_id", "unknown")
    found = accounts.people(by, active=True).filter(username=Person.normalize_username(person)).first()
    if found is None:
        raise Invalid("person", "unknown")
    before = Link.objects.filter(Q(chat_id=account) | Q(person=found), workspace=row).first()
    if before is not None and (before.chat_id, before.person_id) != (account, found.pk):
        raise Invalid("chat_id", "linked_already")

    return before or _link(by, row, found, account, confirmed=found.pk == by.person_id)


@action
def confirm_link(*, by: Actor, link: UUID) -> Link:
    """Yes, that is me. Raises NotFound."""
    row = Link.objects.select_related("workspace").filter(uuid=link, person=by.person_id, person__isnull=False).first()
    if row is None:
        raise NotFound("link")
    if row.confirmed:
        return row

    row.confirmed = True
    row.save(update_fields=["confirmed"])

    record(facts.LinkConfirmed(link=row.uuid, maker=row.workspace.maker, person=by.ref), subject=by.ref, by=by)
    return row


def _link(by: Actor, workspace: Workspace, person: Person, chat_id: str, *, confirmed: bool) -> Link:
    """The same account is one person, and a person one account of a workspace: what stood before gives way."""
    others = list(Link.objects.filter(Q(chat_id=chat_id) | Q(person=person), workspace=workspace))
    for one in others:
        one.delete()
    row = Link.objects.create(
        workspace=workspace,
        chat_id=chat_id,
        person=person,
        linked_by=by.ref,
        linked_at=clock.now(),
        confirmed=confirmed,
    )
    fact = facts.PersonLinked(
        link=row.uuid,
        workspace=workspace.uuid,
        maker=workspace.maker,
        person=f"person:{person.uuid}",
        account=commit(chat_id, row.secret),
        confirmed=confirmed,
        replaced=tuple(one.uuid for one in others),
    )
    record(fact, subject=f"person:{person.uuid}", by=by, topics=TOPICS)
    return row


@action
def unlink(*, by: Actor, link: UUID) -> None:
    """One's own, or anybody's for whoever looks after chat tools. Raises NotAllowed, NotFound."""
    row = Link.objects.select_related("person", "workspace").filter(uuid=link).first()
    configures = by.may(Verb.CONFIGURE, accounts.root().pk)
    if row is None or (row.person_id != by.person_id and not configures):
        raise NotFound("link")

    row.delete()

    person = f"person:{row.person.uuid}"
    fact = facts.PersonUnlinked(link=link, maker=row.workspace.maker, person=person)
    record(fact, subject=person, by=by, topics=TOPICS)


def _digest(code: str) -> str:
    return sealed.keyed(sealed.CODES, code)
