"""What came back by mail: answers act, bounces cast doubt, and who was not understood is told so, once.

Each mail is taken in one transaction with the note how far the mailbox is read: once, wherever the power fails.
"""

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import reaching
from hikeshi.accounts.ways import Kind
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import NotFound, Refusal
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import record, unit
from hikeshi.notify import answering, facts, links, rules
from hikeshi.notify.actions import outcomes
from hikeshi.notify.actions.answering import answer, answer_all
from hikeshi.notify.actions.health import CERTAIN
from hikeshi.notify.actions.queueing import queue
from hikeshi.notify.answering import Asking
from hikeshi.notify.composing import TAKEN
from hikeshi.notify.handing import Fault
from hikeshi.notify.messages import Message, Purpose
from hikeshi.notify.models import Delivery, Mailbox
from hikeshi.notify.permissions import Verb
from hikeshi.notify.refusals import LinkOver
from hikeshi.notify.replies import reading
from hikeshi.notify.replies.imap import Arrived, Place
from hikeshi.notify.replies.reading import Reply, Sort

BY: Final[Actor] = system("replies")
TOPICS: Final = ("alarms", "channels")
SUBJECT: Final = "mailbox:mail"
NOT_UNDERSTOOD: Final = "not_understood"
BUNDLED: Final = "bundled"
log = logging.getLogger(__name__)


def place() -> Place:
    """How far the mailbox has been read."""
    row = Mailbox.objects.filter(pk=1).first()
    return Place(row.validity, row.uid) if row else Place()


def take(one: Arrived, now: datetime) -> None:
    reply = reading.read(one.raw)
    with unit():
        row = _row()
        if row.validity == one.at.validity and row.uid >= one.at.uid:
            return  # another engine has taken it
        Mailbox.objects.filter(pk=1).update(validity=one.at.validity, uid=one.at.uid, read_at=now)
        try:
            with unit():
                _act(reply, now)
        except Exception as error:  # noqa: BLE001  # one mail must not keep the others from being read
            log.error("a reply could not be taken: %s", type(error).__name__)  # noqa: TRY400  # its text may quote the mail


def _row() -> Mailbox:
    Mailbox.objects.bulk_create([Mailbox(pk=1)], ignore_conflicts=True)
    return Mailbox.objects.select_for_update().get(pk=1)


def _act(reply: Reply, now: datetime) -> None:
    if reply.sort is Sort.BOUNCE:
        for token in reply.tokens:
            if row := _bounced(token):
                outcomes.bounced(row, now)
                return
    if reply.sort in {Sort.ANSWER, Sort.UNCLEAR}:
        for token in reply.tokens:
            if asked := _asked(token):
                _answer(asked, token, reply.choice)
                return


def _bounced(token: str) -> Delivery | None:
    ref = links.read(token) or links.read_mark(token)
    return Delivery.objects.filter(uuid=ref).first() if ref else None


def _asked(token: str) -> Asking | None:
    try:
        return answering.asking(token)
    except NotFound:
        return None


def _answer(asked: Asking, token: str, choice: str) -> None:
    """Whoever holds the token answers as the one it was sent to, as by the link: the sender's address proves nothing
    and is not asked for.
    """
    # "ok" to a test call says that it arrived.
    fits = "here" if choice == "acknowledge" and asked.choices == ("here",) else choice
    if fits and answering.is_bundled(asked):
        _answer_bundle(asked, token, fits)
        return
    if not fits or (asked.choices and fits not in asked.choices):
        _say(asked, NOT_UNDERSTOOD)
        return
    try:
        answer(by=BY, token=token, choice=fits, door="mail")
    except Refusal as refusal:
        _say(asked, refusal.code)


def _answer_bundle(asked: Asking, token: str, choice: str) -> None:
    """A reply to a message that told of many means all of them: that somebody takes them can be said of all."""
    if choice != TAKEN:
        _say(asked, BUNDLED)
    elif not answer_all(by=BY, token=token, door="mail", most=answering.LOOKED):
        _say(asked, LinkOver.code)


def _say(asked: Asking, why: str) -> None:
    """Once for each mail that asked: two machines that answer each other would never end."""
    row, said = asked.delivery, asked.delivery.outgoing
    message = Message(
        purpose=Purpose.TOLD,
        subject=f"reply:{row.uuid}",
        world=World(said.world),
        to=said.to,
        key=f"reply:{row.uuid}",
        about={"delivery": str(row.uuid), "why": why},
        urgency=said.urgency,
        ways=(row.way,),
    )
    fact = facts.ReplyNotTaken(
        message=said.uuid, key=said.key, purpose=Purpose(said.purpose), to=said.to, way=row.way, why=why
    )
    record(fact, subject=said.subject, by=BY, world=World(said.world))
    queue(by=BY, message=message)


def worked(now: datetime) -> None:
    """Noted once a minute at most: it happens all the time."""
    row = Mailbox.objects.filter(pk=1).first()
    if row and not row.broken_at and not row.failures and row.read_at and (now - row.read_at).total_seconds() < 60:
        return
    with unit():
        row = _row()
        if row.broken_at:
            record(facts.MailboxMended(), subject=SUBJECT, by=BY, topics=TOPICS)
        row.failures, row.broken_at, row.trouble, row.read_at = 0, None, "", now
        row.save()


def failed(fault: Fault, now: datetime) -> None:
    with unit():
        _row()
        Mailbox.objects.filter(pk=1).update(failures=F("failures") + 1, trouble=fault.code)
        enough = 1 if fault.code in CERTAIN else rules.BROKEN_AFTER
        if Mailbox.objects.filter(pk=1, broken_at=None, failures__gte=enough).update(broken_at=now):
            record(facts.MailboxBroken(why=fault.code), subject=SUBJECT, by=BY, topics=TOPICS)
            _cry(fault.code, now)


def _cry(why: str, now: datetime) -> None:
    """To those who can mend it, by something else than mail where they have it."""
    keepers = [f"person:{one.uuid}" for one in accounts.people_who_may(Verb.CONFIGURE, accounts.root())]
    ways = reaching.ways_of(keepers)
    for keeper in keepers:
        others = tuple(one.ref for one in ways[keeper] if one.kind not in {Kind.MAIL, Kind.PHONE})
        message = Message(
            purpose=Purpose.TOLD,
            subject=SUBJECT,
            world=World.REAL,
            to=keeper,
            key=f"mailbox:{now.isoformat()}:{UUID(keeper.removeprefix('person:'))}",
            about={"why": why},
            urgency=1,
            ways=others[:1],
        )
        queue(by=BY, message=message)
