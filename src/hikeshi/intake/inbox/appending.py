"""Puts accepted bodies on disk, many requests in one transaction. Whoever calls answers only after the return."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final, TypeAlias
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.backends.utils import CursorWrapper

from hikeshi.intake.inbox import tables
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.ledger import wake

KEY_LIFE: Final = timedelta(hours=24)
"""How long an Idempotency-Key is remembered."""

DIGEST: Final = "digest"
"""Who waits for bodies; the other waiters are left alone."""
_INSERT = """
INSERT INTO inbox_item (receipt, source, organisation_id, content_type, received_at, world, alerts, size, body)
VALUES """
_COLUMNS: Final = 9
_MOST_ROWS: Final = 128
"""In one statement. A statement of many rows gives up the interpreter's lock once, where one of each row would wait for
it again and again behind the event loop; powers of two, so that the driver has them all prepared."""
# An expired key is taken over in place; one that still holds returns no row.
_CLAIM_KEY = """
INSERT INTO inbox_key (digest, body_digest, receipt, alerts, at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (digest) DO UPDATE
SET body_digest = excluded.body_digest, receipt = excluded.receipt, alerts = excluded.alerts, at = excluded.at
WHERE inbox_key.at < %s
RETURNING 1
"""
_Value: TypeAlias = int | str | bytes | datetime
_READ_KEY = "SELECT body_digest, receipt, alerts FROM inbox_key WHERE digest = %s"


class Post(msgspec.Struct, frozen=True):
    """One request. ``key`` is the digest of token, source and Idempotency-Key, b"" where none was sent."""

    item: InboxItem
    key: bytes = b""
    body_digest: bytes = b""


class Accepted(msgspec.Struct, frozen=True, rename={"alerts": "accepted"}):
    """Written as JSON this is the door's answer."""

    receipt: UUID
    alerts: int


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The Idempotency-Key came before, with another body."""


@dataclass(frozen=True, slots=True)
class NotKept:
    """It could not be written, or nobody knows whether it is: its sender must send it again."""


Answer = Accepted | KeyReused
Outcome = Answer | NotKept


def append(posts: Sequence[Post]) -> list[Answer]:
    """All of them in one durable transaction, or a django.db.Error and none of them."""
    with transaction.atomic(using=tables.alias()), tables.connection().cursor() as cursor:
        remembered = _remembered(cursor, posts)
        fresh = [post.item for place, post in enumerate(posts) if place not in remembered]
        if fresh:
            _insert(cursor, fresh)
            cursor.execute(tables.COUNT, ["accepted", sum(item.alerts for item in fresh)])
            if tables.connection().vendor == "postgresql":
                wake.at_commit(tables.connection(), only=DIGEST)
    return [remembered.get(place) or Accepted(post.item.receipt, post.item.alerts) for place, post in enumerate(posts)]


def _insert(cursor: CursorWrapper, items: Sequence[InboxItem]) -> None:
    start, rows = 0, _MOST_ROWS
    while start < len(items):
        while rows > len(items) - start:
            rows //= 2
        values = [value for item in items[start : start + rows] for value in _row(item)]
        _run(cursor, rows, values)
        start += rows


def _run(cursor: CursorWrapper, rows: int, values: Sequence[_Value]) -> None:
    connection = tables.connection()
    if connection.vendor == "postgresql":
        cursor.execute(_statement(rows, "%s"), values)
        return
    with connection.wrap_database_errors:  # Django's cursor would look for a mark before each of a thousand values
        connection.connection.execute(_statement(rows, "?"), values)


@cache
def _statement(rows: int, mark: str) -> str:
    row = f"({', '.join([mark] * _COLUMNS)})"
    return _INSERT + ", ".join([row] * rows)


def _row(item: InboxItem) -> tuple[_Value, ...]:
    return (
        item.receipt.hex,
        item.source,
        item.organisation_id,
        item.content_type,
        tables.moment(item.received_at),
        item.world.value,
        item.alerts,
        len(item.body),
        item.body,
    )


def _remembered(cursor: CursorWrapper, posts: Sequence[Post]) -> dict[int, Answer]:
    """Answers to posts whose key came before, by place; the keys of the others are written."""
    answers: dict[int, Answer] = {}
    # In one order everywhere: two doors that wait for each other's keys on PostgreSQL would both be thrown out.
    for place in sorted((place for place, post in enumerate(posts) if post.key), key=lambda place: posts[place].key):
        answer = _answer_before(cursor, posts[place])
        if answer is not None:
            answers[place] = answer
    return answers


def _answer_before(cursor: CursorWrapper, post: Post) -> Answer | None:
    item = post.item
    at, expired = tables.moment(item.received_at), tables.moment(item.received_at - KEY_LIFE)
    cursor.execute(_CLAIM_KEY, [post.key, post.body_digest, item.receipt.hex, item.alerts, at, expired])
    if cursor.fetchone():
        return None
    cursor.execute(_READ_KEY, [post.key])
    body_digest, receipt, alerts = cursor.fetchone()
    if bytes(body_digest) != post.body_digest:
        return KeyReused()
    return Accepted(receipt if isinstance(receipt, UUID) else UUID(receipt), alerts)
