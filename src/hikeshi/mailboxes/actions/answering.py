"""Tells whoever wrote that it arrived, once, with the code to follow it; nobody who must not be answered."""

from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from django.utils import translation

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import queries as reports
from hikeshi.kernel import clock
from hikeshi.ledger.acts import unit
from hikeshi.mail.letters import Letter as Mail
from hikeshi.mail.letters import read
from hikeshi.mailboxes import sealed
from hikeshi.mailboxes.codes import Answer
from hikeshi.mailboxes.models import Letter
from hikeshi.notify import setups
from hikeshi.notify.channels import mail as channel
from hikeshi.notify.handing import Failed, Setup
from hikeshi.phrases import mailboxes as phrases

HOLD: Final = timedelta(minutes=5)
TRIES: Final = 8
WAIT: Final = timedelta(minutes=2)
_WHOLE: Final = SMTP.clone(max_line_length=900)
"""Long ids stay whole: folded, they would be written as words that no other program knows again."""


def answer_next(now: datetime) -> bool:
    """One answer, outside of any transaction; whether there may be another. A desk that calls nobody sends nothing."""
    here = setups.read()
    setup = here.setup("mail")
    if here.permitted.shut or setup is None or not setup.on:
        return False
    row = _claimed(now)
    if row is None:
        return False
    mail = _written(row, setup)
    if mail is None:
        _end(row, Answer.FAILED)
        return True
    try:
        channel.Mail().carry(mail, str(mail["To"].addresses[0].addr_spec), setup)
    except Failed as failed:
        if not failed.fault.passing or failed.fault.unsure or row.tries >= TRIES:
            _end(row, Answer.FAILED)
        else:
            with unit():
                Letter.objects.filter(pk=row.pk).update(due_at=now + WAIT * 2**row.tries)
        return True
    _end(row, Answer.SENT)
    return True


def _claimed(now: datetime) -> Letter | None:
    due = Letter.objects.filter(answer=Answer.DUE, due_at__lte=now)
    row = due.order_by("due_at", "pk").first()
    if row is None:
        return None
    with unit():
        mine = due.filter(pk=row.pk, due_at=row.due_at).update(due_at=now + HOLD, tries=row.tries + 1)
    row.tries += 1
    return row if mine else None


def _end(row: Letter, answer: Answer) -> None:
    with unit():
        Letter.objects.filter(pk=row.pk).update(answer=answer, raw=b"")


def _written(row: Letter, setup: Setup) -> EmailMessage | None:
    """None where there is nobody to write to any more."""
    raw = sealed.open_letter(bytes(row.raw))
    nonce = sealed.nonce(str(row.mailbox.uuid), row.digest)
    reporter = reports.reporter_by_nonce(nonce)
    if raw is None or reporter is None:
        return None
    code = "" if reporter.person_id is not None else reports.code_of(nonce)
    with translation.override(reporter.language):
        said = phrases.received(row.ref, code, reporter.uuid)
    mark = f"report.{reporter.uuid.hex}.{reports.mail_mark(reporter)}"
    return _letter(read(raw), said, row.mailbox.address, setup, mark)


def _letter(came: Mail, said: phrases.Said, ours: str, setup: Setup, mark: str) -> EmailMessage | None:
    sender = setup.plain.get("sender", "")
    try:
        mail = EmailMessage(policy=_WHOLE)
        mail["From"] = Address(display_name=accounts.site().name[:60] or "Hikeshi", addr_spec=sender)
        mail["To"] = Address(addr_spec=came.sender.address)
        mail["Reply-To"] = Address(addr_spec=ours)
        mail["Subject"] = said.title
        mail["Date"] = format_datetime(clock.now())
        mail["Message-ID"] = f"<{mark}@{sender.rpartition('@')[2]}>"
        if came.message_id:
            mail["In-Reply-To"] = mail["References"] = f"<{came.message_id}>"
        mail["Auto-Submitted"] = "auto-replied"  # RFC 3834: no machine answers this one
        mail["X-Auto-Response-Suppress"] = "All"
    except (ValueError, IndexError):
        return None  # an address that no server would take
    mail.set_content(said.text + "\n", charset="utf-8", cte="base64")
    return mail
