"""Sends what the door accepted: first the keys, then the bodies of those that may be kept."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

import msgspec

from hikeshi.intake.inbox.appending import Accepted, KeyReused, NotKept, Outcome, Post
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.inbox.jetstream import reading, shape
from hikeshi.intake.inbox.jetstream.keys import Keys, Remembered
from hikeshi.intake.inbox.jetstream.sending import Message, Said, Sender

SURE: Final = timedelta(seconds=shape.WINDOW - 30)
"""So long after a key's first body the servers surely know whether they have it: what they keep of a repeat then was
not there. Later it may be there twice, and is not counted again before it is digested."""
KEPT: Final = frozenset({Said.KEPT, Said.TWICE})


async def keep(sender: Sender, name: str, posts: Sequence[Post], seconds: float) -> list[Outcome]:
    keyed = {place: post for place, post in enumerate(posts) if post.key}
    first = await Keys(sender, name).remember(keyed, seconds) if keyed else {}
    answers: list[Outcome] = [_answer(post, first.get(place)) for place, post in enumerate(posts)]
    sent = [place for place, answer in enumerate(answers) if isinstance(answer, Accepted)]
    messages = [_message(name, posts[place].item, first.get(place)) for place in sent]
    for place, said in zip(sent, await sender.send(messages, seconds), strict=True):
        if said not in KEPT:
            answers[place] = NotKept()
    return answers


def _answer(post: Post, first: Remembered | None) -> Outcome:
    """What its sender is told once its body is kept."""
    if not post.key:
        return Accepted(post.item.receipt, post.item.alerts)
    if first is None:
        return NotKept()
    if first.body_digest != post.body_digest:
        return KeyReused()
    return Accepted(first.receipt, first.alerts)


def _message(name: str, item: InboxItem, first: Remembered | None) -> Message:
    alerts = item.alerts
    if first is not None and first.receipt != item.receipt:
        alerts = alerts if item.received_at - first.at < SURE else 0
        item = msgspec.structs.replace(item, receipt=first.receipt)
    return Message(shape.subject(name, item.source, alerts), _once(item), reading.written(item))


def _once(item: InboxItem) -> str:
    """What the servers tell repeats of a message by, for as long as they remember it."""
    return item.receipt.hex
