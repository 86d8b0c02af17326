"""What a link or a reply may still do. Reads only."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.accounts import reaching
from hikeshi.accounts.ways import Recipient
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger import access
from hikeshi.notify import answers, composing, links
from hikeshi.notify.composing import TAKEN
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Answer, Course, Delivery, Leg
from hikeshi.notify.wording import Form, Words

LIFE: Final = timedelta(hours=48)
LASTING: Final = frozenset({"help"})
"""Choices after which the link still takes another: who asked for help may take it all the same."""


BESIDE: Final = 20
"""Of a message that told of many, so many are shown beside the first, and taken by one press."""
LOOKED: Final = 60
"""A reply to it takes as many as that."""
OPENED: Final = "opened"
"""What the access log says of a test call's link that was looked at."""


class Still(StrEnum):
    OPEN = "open"
    USED = "used"
    OVER = "over"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Asking:
    """``given``: what was answered by this link so far. ``choices``: what it may still answer."""

    delivery: Delivery
    to: Recipient
    still: Still
    words: Words | None
    given: tuple[str, ...]

    @property
    def choices(self) -> tuple[str, ...]:
        if self.still is not Still.OPEN or self.words is None:
            return ()
        return tuple(one for one in self.words.choices if one not in self.given)


def asking(token: str) -> Asking:
    """What this link asks, in words found afresh. Raises NotFound."""
    ref = links.read(token)
    row = Delivery.objects.select_related("outgoing").filter(uuid=ref).first() if ref else None
    to = reaching.recipient(row.outgoing.to) if row else None
    if row is None or to is None or not to.active:
        raise NotFound("link")
    given = tuple(Answer.objects.filter(delivery=row).order_by("id").values_list("choice", flat=True))
    with composing.speaking(to.language, to.zone):
        words = composing.words_for(row.outgoing, to, Form.FULL)
    return Asking(row, to, _still(row, given, words), words, given)


def beside(asked: Asking, most: int = BESIDE) -> tuple[Asking, ...]:
    """What the same message told the same one besides this, and nobody has answered yet: a storm comes bundled, and its
    link speaks of the first alone. Some ten queries for each of at most sixty.
    """
    rows = _same_message(asked).filter(leg=Leg.SENT, answers__isnull=True).order_by("urgency", "-outgoing_id")
    found: list[Asking] = []
    for ref in rows.values_list("uuid", flat=True)[:LOOKED]:
        one = asking(links.token(ref))
        if TAKEN in one.choices:
            found.append(one)
        if len(found) == most:
            break
    return tuple(found)


def taken_beside(asked: Asking) -> int:
    """How many of the same message were taken, this one not counted."""
    return Answer.objects.filter(delivery__in=_same_message(asked), choice=TAKEN).count()


def is_bundled(asked: Asking) -> bool:
    return _same_message(asked).exists()


def _same_message(asked: Asking) -> QuerySet[Delivery]:
    """What went out together with this one to the same recipient, without this one."""
    mine = asked.delivery
    if mine.claim is None:
        return Delivery.objects.none()
    rows = Delivery.objects.filter(claim=mine.claim, way=mine.way, outgoing__to=mine.outgoing.to)
    return rows.exclude(pk=mine.pk)


def standing(asked: Asking) -> answers.Standing | None:
    """Of what was asked; None where nobody says."""
    return answers.standing(composing.queued(asked.delivery.outgoing))


def note_opened(asked: Asking, by: Actor) -> None:
    """Of a test call it is written down that its link was opened, by somebody or by a scanner."""
    about = asked.delivery.outgoing
    if about.purpose == Purpose.CANARY and asked.still is Still.OPEN:
        access.note_reading(by=by, subject=about.subject, what=OPENED)


def _still(row: Delivery, given: tuple[str, ...], words: Words | None) -> Still:
    if set(given) - LASTING:
        return Still.USED
    if clock.now() - (row.sent_at or row.due_at) > LIFE:
        return Still.OVER
    settled = row.outgoing.course in (Course.WITHDRAWN, Course.NOT_NEEDED, Course.KEPT)
    return Still.SETTLED if settled or words is None or not words.choices else Still.OPEN


def owner_uuid(to: str) -> UUID | None:
    """The person's; None for an outside party."""
    kind, _, ref = to.partition(":")
    return UUID(ref) if kind == "person" else None
