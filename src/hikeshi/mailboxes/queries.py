"""Mailboxes as their page shows them, and what the loops ask. No word of a letter is shown: only what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from hikeshi.accounts import queries as accounts
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.mailboxes import sealed
from hikeshi.mailboxes.codes import Answer, State
from hikeshi.mailboxes.fields import FIELDS as FIELDS
from hikeshi.mailboxes.models import Letter
from hikeshi.mailboxes.models import Mailbox as Mailbox
from hikeshi.mailboxes.permissions import Verb
from hikeshi.notify import setups
from hikeshi.notify.handing import Setup
from hikeshi.notify.replies.imap import Place

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class MailboxView:
    """``kept``: names of secrets that are set."""

    row: Mailbox
    kept: frozenset[str]
    letters: Sequence[Letter]


@dataclass(frozen=True, slots=True)
class Box:
    """A mailbox as the loop reads it."""

    mailbox: UUID
    setup: Setup
    known: Place
    look_at: datetime | None


def mailboxes(by: Actor) -> Sequence[Mailbox]:
    """With how many of their letters wait and are parked. Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    waiting, parked = Q(letters__state=State.WAITING), Q(letters__state=State.PARKED)
    return list(
        Mailbox.objects.annotate(waiting=Count("letters", filter=waiting), parked=Count("letters", filter=parked))
    )


def mailbox(by: Actor, mailbox: UUID) -> MailboxView:
    """With its last letters, the parked ones first. Raises NotAllowed, NotFound."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = Mailbox.objects.filter(uuid=mailbox).first()
    if row is None:
        raise NotFound("mailbox")
    letters = Letter.objects.filter(mailbox=row).defer("raw")
    parked = list(letters.filter(state=State.PARKED)[:SHOWN])
    others = list(letters.exclude(state=State.PARKED)[:SHOWN])
    return MailboxView(row, frozenset(sealed.unseal(row.sealed)), [*parked, *others])


def receiver() -> Sequence[str]:
    """Where mail is taken from other servers, as the environment says it; empty where it is not."""
    return [str(one) for one in settings.MAIL_RECEIVER.ports]


def boxes() -> Sequence[Box]:
    """Those to be read over IMAP. A desk that calls nobody reads nothing: the mail belongs to the one that runs."""
    rows = [row for row in Mailbox.objects.filter(on=True) if row.plain.get("imap_host")]
    if not rows:
        return []
    here = setups.read()
    if here.permitted.shut:
        return []
    return [
        Box(
            row.uuid,
            Setup("mailbox", True, dict(row.plain), sealed.unseal(row.sealed), here.permitted),
            Place(row.validity, row.uid),
            row.look_at,
        )
        for row in rows
    ]


def mailbox_at(address: str) -> UUID | None:
    """Whose mail it is that is sent to this address; what stands behind a plus belongs to the name before it."""
    local, _, domain = address.strip().casefold().rpartition("@")
    wanted = {f"{local}@{domain}", f"{local.partition('+')[0]}@{domain}"}
    return Mailbox.objects.filter(on=True, address__in=wanted).values_list("uuid", flat=True).first()


def any_letter_due(now: datetime) -> bool:
    return Letter.objects.filter(state=State.WAITING, due_at__lte=now).exists()


def any_answer_due(now: datetime) -> bool:
    return Letter.objects.filter(answer=Answer.DUE, due_at__lte=now).exists()
