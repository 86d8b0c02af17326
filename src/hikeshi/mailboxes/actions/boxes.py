"""Which mailboxes there are, and what becomes of their mail."""

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.intake.sources import book
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import words
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.mailboxes import facts, sealed, states
from hikeshi.mailboxes.codes import Carries, State
from hikeshi.mailboxes.fields import FIELDS
from hikeshi.mailboxes.models import Letter, Mailbox
from hikeshi.mailboxes.permissions import Verb
from hikeshi.notify import tokens
from hikeshi.notify.channels.fields import read_as

TOPICS: Final = ("mailboxes",)
NAME: Final = 100
LIST: Final = 5_000
MOST: Final = 50
_ADDRESS: Final = re.compile(r"[^\s<>,;:\"@]{1,64}@[^\s<>,;:\"@]{1,189}")


@action
def set_mailbox(
    *,
    by: Actor,
    name: str,
    address: str,
    carries: str,
    mailbox: UUID | None = None,
    source: str = "",
    on: bool = False,
    answers: bool = True,
    trusted: str = "",
    senders: str = "",
    given: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Mailbox:
    """A new one, or a change of one. ``given``: how it is read over IMAP; without a server its mail comes by the
    receiver alone. ``trusted``: servers whose word about a sender counts; ``senders``: addresses or domains whose
    alerts count, one a line. Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = held(mailbox) if mailbox is not None else _new()
    yours, theirs = {"name": name, "on": str(on)}, {"name": row.name, "on": str(row.on)}
    must_be_current(read=version, now=row.version, yours=yours, theirs=theirs)
    _check(row, address, carries, source)
    was = sealed.unseal(row.sealed)
    plain, secret = read_as(FIELDS, given or {}, was_plain=row.plain, was_secret=was, on=on)
    if on and plain.get("imap_host"):
        tokens.check(plain, secret, auth="imap_auth", security="imap_security", user="imap_username")

    moved = any(plain.get(one) != row.plain.get(one) for one in ("imap_host", "imap_username", "imap_folder"))
    row.name, row.address = words(name, field="name", most=NAME), address.strip().casefold()
    row.carries, row.source = carries, source if carries == Carries.ALERTS else ""
    row.on, row.answers, row.plain = on, answers, plain
    row.trusted, row.senders = _lines(trusted, "trusted"), _lines(senders, "senders")
    row.sealed = row.sealed if secret == was else sealed.seal(secret)
    row.validity, row.uid = (0, 0) if moved else (row.validity, row.uid)
    row.failures, row.trouble, row.broken_at = 0, "", None  # what was mended is tried again
    row.version += 1
    row.changed_by, row.changed_at = by.ref, clock.now()
    row.save()

    fact = facts.MailboxSet(mailbox=row.uuid, carries=row.carries, on=on, content=states.digest(row))
    record(fact, subject=f"mailbox:{row.uuid}", by=by, topics=TOPICS)
    return row


def _new() -> Mailbox:
    if Mailbox.objects.count() >= MOST:
        raise Invalid("name", "too_many", limit=MOST)
    return Mailbox(version=0)


def _check(row: Mailbox, address: str, carries: str, source: str) -> None:
    if carries not in list(Carries):
        raise Invalid("carries", "not_a_choice", choices=", ".join(Carries))
    if not _ADDRESS.fullmatch(address.strip()):
        raise Invalid("address", "not_an_address")
    if Mailbox.objects.filter(address=address.strip().casefold()).exclude(pk=row.pk).exists():
        raise Invalid("address", "taken")
    if carries == Carries.ALERTS and source not in book.sources():
        raise Invalid("source", "required" if not source else "unknown")


def _lines(text: str, field: str) -> str:
    kept = words(text, field=field, most=LIST, required=False)
    return "\n".join(dict.fromkeys(one.strip().casefold() for one in kept.split("\n") if one.strip()))


def held(mailbox: UUID) -> Mailbox:
    """Raises NotFound."""
    found = Mailbox.objects.select_for_update().filter(uuid=mailbox).first()
    if found is None:
        raise NotFound("mailbox")
    return found


@action
def remove_mailbox(*, by: Actor, mailbox: UUID) -> None:
    """The desk forgets it; what its letters became stays. Raises NotAllowed, NotFound, Invalid while letters wait."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = held(mailbox)
    if Letter.objects.filter(mailbox=row, state=State.WAITING).exists():
        raise Invalid("mailbox", "letters_wait")

    row.delete()

    record(facts.MailboxRemoved(mailbox=mailbox), subject=f"mailbox:{mailbox}", by=by, topics=TOPICS)


@action
def try_mailbox(*, by: Actor, mailbox: UUID) -> Mailbox:
    """Opens it anew and looks at once; its page shows what came of it. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = held(mailbox)
    if not (row.on and row.plain.get("imap_host")):
        raise Invalid("mailbox", "not_read")

    row.look_at, row.trouble, row.failures = clock.now(), "", 0
    row.save(update_fields=["look_at", "trouble", "failures"])
    return row
