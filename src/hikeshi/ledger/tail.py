"""Follows the ledger's end: who is told that something changed learns which subjects and lists, and nothing of what."""

from dataclasses import dataclass
from datetime import datetime

from hikeshi.ledger.models import Entry, Head


@dataclass(frozen=True, slots=True)
class Change:
    number: int
    touched: tuple[str, ...]  # the subject and the entry's topics


def head() -> int:
    return Head.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def since(number: int, *, limit: int) -> list[Change]:
    """What was recorded after entry ``number``, oldest first."""
    rows = Entry.objects.filter(number__gt=number).order_by("number").values_list("number", "subject", "topics")
    return [Change(number, (subject, *topics.split())) for number, subject, topics in rows[:limit]]


def number_at(moment: datetime, *, within: int) -> int:
    """The last entry from before ``moment``, sought among the last ``within``; failing that, one of those."""
    last = Entry.objects.order_by("-number").values_list("number", "at")[:within]
    number = 0
    for number, at in last:
        if at < moment:
            return number
    return max(0, number - 1)
