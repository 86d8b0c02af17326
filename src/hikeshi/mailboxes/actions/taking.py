"""What becomes of a letter: an alert, a report with the mail as evidence, a reply to one; or it is kept, or parked.

Each step may be done again after a crash: a report is named by its letter, an alert's body by its key.
"""

import contextlib
import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from django.db.models import F

from hikeshi.accounts import queries as accounts
from hikeshi.intake import framing
from hikeshi.intake.inbox import framing as bodies
from hikeshi.intake.inbox import place
from hikeshi.intake.inbox.appending import NotKept, Post
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.sources import book
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotFound, Refusal
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record, unit
from hikeshi.mail.letters import Letter as Mail
from hikeshi.mail.letters import read
from hikeshi.mail.machines import Automatic
from hikeshi.mail.proof import Proof, domain, proof
from hikeshi.mailboxes import facts, reading_as, sealed
from hikeshi.mailboxes.actions import reporting
from hikeshi.mailboxes.actions.boxes import TOPICS
from hikeshi.mailboxes.actions.keeping import BY
from hikeshi.mailboxes.codes import Answer, Carries, Outcome, State
from hikeshi.mailboxes.models import Letter, Mailbox
from hikeshi.mailboxes.permissions import Verb
from hikeshi.notify import setups

HOLD: Final = timedelta(minutes=5)
"""So long a letter belongs to the engine that took it up."""
TRIES: Final = 5
HOUR: Final = timedelta(hours=1)
MOST_AN_HOUR: Final = 60
ANSWERED_AN_HOUR: Final = 5
TYPE: Final = "application/json"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parked(Exception):
    """Somebody must look; ``why`` is a code."""

    why: str


class NotTaken(Exception):
    """The inbox keeps nothing at the moment."""


@dataclass(frozen=True, slots=True)
class Became:
    outcome: Outcome
    ref: str = ""
    state: State = State.DONE
    answer: bool = False
    trouble: str = ""


def take_next(now: datetime) -> bool:
    """One letter; whether there may be another."""
    row = _claimed(now)
    if row is None:
        return False
    try:
        _end(row, _became(row, now))
    except Parked as parked:
        _park(row, parked.why)
    except Refusal as refusal:
        _park(row, refusal.reason if isinstance(refusal, Invalid) else refusal.code)
    except Exception as error:  # noqa: BLE001  # one letter must not keep the others from being taken
        log.error("a letter could not be taken: %s", type(error).__name__)  # noqa: TRY400  # its text may quote the mail
        if row.tries >= TRIES:
            _park(row, "failed")
    return True


def _claimed(now: datetime) -> Letter | None:
    waiting = Letter.objects.filter(state=State.WAITING, due_at__lte=now)
    row = waiting.order_by("due_at", "pk").first()
    if row is None:
        return None
    with unit():
        mine = waiting.filter(pk=row.pk, due_at=row.due_at).update(due_at=now + HOLD, tries=F("tries") + 1)
    row.tries += 1
    return row if mine else _claimed(now)


def _became(row: Letter, now: datetime) -> Became:
    """Raises Parked, any refusal, and whatever a database raises."""
    raw = sealed.open_letter(bytes(row.raw))
    if raw is None:
        raise Parked("other_key")
    mail, box = read(raw), row.mailbox
    sure = proof(mail.mail, box.trusted.split())
    if _is_own(mail):
        return Became(Outcome.OWN, state=State.KEPT)
    if box.carries == Carries.ALERTS:
        return _alert(row, mail, sure, now)
    if mail.automatic is not Automatic.NO:
        return Became(Outcome.AUTOMATIC, state=State.KEPT)
    if _of_sender(row, now) > MOST_AN_HOUR:
        raise Parked("too_many")
    told = reporting.take(row, mail, sure, raw)
    quiet = mail.unanswerable or sure.forged or _of_sender(row, now) > ANSWERED_AN_HOUR
    answer = told.fresh and box.answers and not quiet and bool(mail.sender.address)
    return Became(Outcome.REPORT if told.fresh else Outcome.REPLY, told.ref, answer=answer, trouble=told.trouble)


def _is_own(mail: Mail) -> bool:
    """What the desk itself sent, come back to it: answered, it would go round for ever."""
    setup = setups.read().setup("mail")
    own = setup.plain.get("sender", "").casefold() if setup else ""
    return bool(own) and mail.sender.address.casefold() == own


def _of_sender(row: Letter, now: datetime) -> int:
    """Letters of this sender within the hour before this one."""
    if not row.sender:
        return 0
    return Letter.objects.filter(sender=row.sender, at__gt=now - HOUR, pk__lte=row.pk).count()


def _alert(row: Letter, mail: Mail, sure: Proof, now: datetime) -> Became:
    """A monitor's mail is written by a machine; a holiday notice or a bounce is no alert."""
    if mail.automatic in {Automatic.REPLY, Automatic.BOUNCE}:
        return Became(Outcome.AUTOMATIC, state=State.KEPT)
    _must_be_known(row.mailbox, mail, sure)
    source = row.mailbox.source
    if source not in book.sources():
        raise Parked("unknown_source")
    body = msgspec.json.encode(reading_as.document(mail, sure))
    item = InboxItem(
        receipt=uuid7(),
        source=source,
        organisation_id=accounts.root().pk,
        body=body,
        content_type=TYPE,
        received_at=now,
        world=World(accounts.site().world),
        alerts=framing.count(source, bodies.read(body, TYPE)),
    )
    key = hashlib.sha256(f"mailbox\0{row.mailbox.uuid}\0{row.digest}".encode()).digest()
    (answer,) = place.inbox().append([Post(item, key, hashlib.sha256(body).digest())])
    if isinstance(answer, NotKept):
        raise NotTaken  # the letter stays, and is taken up again
    with contextlib.suppress(OSError):  # the digest looks by itself
        place.inbox().ring()
    return Became(Outcome.ALERT)


def _must_be_known(box: Mailbox, mail: Mail, sure: Proof) -> None:
    """Raises Parked. Where a server is trusted to say who sent it, it must have said so."""
    wanted = set(box.senders.split())
    if wanted and not {mail.sender.address.casefold(), domain(mail.sender)} & wanted:
        raise Parked("unknown_sender")
    if sure.forged or (wanted and box.trusted and not sure.of(mail.sender)):
        raise Parked("unproven_sender")


def _end(row: Letter, became: Became) -> None:
    with unit():
        Letter.objects.filter(pk=row.pk).update(
            state=became.state,
            outcome=became.outcome,
            ref=became.ref,
            trouble=became.trouble,
            answer=Answer.DUE if became.answer else Answer.NONE,
            tries=0,
            due_at=clock.now(),
            raw=row.raw if became.answer or became.state is State.KEPT else b"",
        )


def _park(row: Letter, why: str) -> None:
    with unit():
        Letter.objects.filter(pk=row.pk).update(state=State.PARKED, trouble=why[:40])
        fact = facts.LetterParked(mailbox=row.mailbox.uuid, letter=row.uuid, why=why[:40])
        record(fact, subject=f"mailbox:{row.mailbox.uuid}", by=BY, topics=TOPICS)


@action
def try_letter(*, by: Actor, letter: UUID) -> Letter:
    """Takes a parked letter up again, once what kept it is mended. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = Letter.objects.select_for_update(of=("self",)).filter(uuid=letter).defer("raw").first()
    if row is None:
        raise NotFound("letter")
    if row.state != State.PARKED:
        raise Invalid("letter", "not_parked")

    row.state, row.tries, row.due_at, row.trouble = State.WAITING, 0, clock.now(), ""
    row.save(update_fields=["state", "tries", "due_at", "trouble"])

    fact = facts.LetterTriedAgain(mailbox=row.mailbox.uuid, letter=row.uuid)
    record(fact, subject=f"mailbox:{row.mailbox.uuid}", by=by, topics=TOPICS)
    return row
