"""Letters as they come: on disk before anybody is told that they arrived; how their mailboxes fare."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F

from hikeshi.kernel.acting import Actor, system
from hikeshi.ledger.acts import record, unit
from hikeshi.mail.letters import read
from hikeshi.mailboxes import facts, sealed
from hikeshi.mailboxes.actions.boxes import TOPICS
from hikeshi.mailboxes.codes import Answer, Came, State
from hikeshi.mailboxes.models import Letter, Mailbox
from hikeshi.notify import rules
from hikeshi.notify.actions.health import CERTAIN
from hikeshi.notify.handing import Fault
from hikeshi.notify.replies.imap import Place

BY: Final[Actor] = system("mailboxes")
RAW_FOR: Final = timedelta(days=30)
"""How long a letter of which nothing became is kept."""
ROW_FOR: Final = timedelta(days=180)
STEP: Final = 200


def keep(*, mailbox: UUID, raw: bytes, came: Came, now: datetime, at: Place | None = None) -> bool:
    """In one transaction with the note how far the mailbox is read. False where it had come before, or there is no
    such mailbox any more.
    """
    letter = read(raw)
    name = sealed.name_of(raw, letter.message_id)
    kept = sealed.seal_letter(raw)
    with unit():
        row = Mailbox.objects.select_for_update().filter(uuid=mailbox).first()
        if row is None or (at is not None and row.validity == at.validity and row.uid >= at.uid):
            return False  # another engine has taken it
        if at is not None:
            Mailbox.objects.filter(pk=row.pk).update(validity=at.validity, uid=at.uid, read_at=now)
        if Letter.objects.filter(mailbox=row, digest=name).exists():
            return False
        Letter.objects.create(
            mailbox=row,
            digest=name,
            came=came,
            at=now,
            size=len(raw),
            raw=kept,
            sender=sealed.sender(letter.sender.address),
            due_at=now,
        )
        return True


def worked(mailbox: UUID, now: datetime) -> None:
    """Noted once a minute at most: it happens all the time."""
    row = Mailbox.objects.filter(uuid=mailbox).first()
    fresh = row is not None and row.read_at is not None and (now - row.read_at).total_seconds() < 60
    if row is None or (fresh and not row.trouble and not row.failures and row.look_at is None):
        return
    with unit():
        if row.broken_at:
            record(facts.MailboxMended(mailbox=mailbox), subject=f"mailbox:{mailbox}", by=BY, topics=TOPICS)
        Mailbox.objects.filter(pk=row.pk).update(failures=0, trouble="", broken_at=None, read_at=now, look_at=None)


def failed(mailbox: UUID, fault: Fault, now: datetime) -> None:
    with unit():
        found = Mailbox.objects.filter(uuid=mailbox)
        found.update(failures=F("failures") + 1, trouble=fault.code, look_at=None)
        enough = 1 if fault.code in CERTAIN else rules.BROKEN_AFTER
        if found.filter(broken_at=None, failures__gte=enough).update(broken_at=now):
            fact = facts.MailboxBroken(mailbox=mailbox, why=fault.code)
            record(fact, subject=f"mailbox:{mailbox}", by=BY, topics=TOPICS)


def forget_letters(now: datetime) -> bool:
    """A step: what nothing became of loses its text, and every letter its row in the end. Parked ones wait."""
    over = Letter.objects.filter(at__lt=now - ROW_FOR, state__in=(State.DONE, State.KEPT))
    gone = list(over.order_by("at").values_list("pk", flat=True)[:STEP])
    empty = Letter.objects.filter(at__lt=now - RAW_FOR, at__gte=now - ROW_FOR, state=State.KEPT)
    stale = list(empty.exclude(raw=b"").exclude(answer=Answer.DUE).values_list("pk", flat=True)[:STEP])
    if not gone and not stale:
        return False
    with unit():
        Letter.objects.filter(pk__in=gone).delete()
        Letter.objects.filter(pk__in=stale).update(raw=b"")
    return len(gone) == STEP or len(stale) == STEP
