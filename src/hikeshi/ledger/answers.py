"""One act for one ``Idempotency-Key``, however often the request arrives.

The answer is kept in the transaction of the act itself, so there is never an act without its answer nor an answer
without its act. A request that arrives while its twin is under way waits for the twin's commit and gets its answer.
A refusal is not kept: nothing happened, and the caller may try again with the same key.

What is kept is sealed under the site's key and the caller's own key, of which only a digest stays: an answer may show a
secret that the desk shows once, and neither a copy of this table nor the master key alone brings it back.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography.fernet import Fernet
from django.conf import settings
from django.db import IntegrityError, transaction

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Refusal
from hikeshi.ledger.acts import unit
from hikeshi.ledger.models import Answer

KEPT_FOR: Final = timedelta(hours=24)
LONGEST_KEY: Final = 255
STEP: Final = 500


class KeyReused(Refusal):
    """The key was used before, for a request that said something else."""

    code = "key_reused"


class Kept(msgspec.Struct, frozen=True):
    status: int
    headers: dict[str, str]
    body: bytes


class _Taken(Exception):
    """Somebody else, now committed, claimed the key first."""


class _Refused(Exception):
    """Undoes the unit of work; the refusal is answered and not kept."""

    def __init__(self, answer: Kept) -> None:
        super().__init__()
        self.answer = answer


def once(*, by: Actor, key: str, request: bytes, act: Callable[[], Kept]) -> tuple[Kept, bool]:
    """The answer of ``act``, or the one kept from an earlier time, and whether it was kept.

    ``act`` answers a status of 400 or above when it refused. ``request`` is everything that makes a request the same.
    Raises KeyReused.
    """
    digest = hashlib.sha256(request).hexdigest()
    for last in (False, True):
        kept = _find(by, key, digest)
        if kept is not None:
            return kept, True
        try:
            return _perform(by, key, digest, act), False
        except _Refused as refused:
            return refused.answer, False
        except _Taken:
            if last:
                raise
    raise AssertionError


def purge(now: datetime) -> bool:
    """Takes away up to 500 answers whose day is over; whether there was one."""
    due = list(Answer.objects.filter(due_at__lte=now).order_by("due_at").values_list("pk", flat=True)[:STEP])
    Answer.objects.filter(pk__in=due).delete()
    return bool(due)


def _perform(by: Actor, key: str, digest: str, act: Callable[[], Kept]) -> Kept:
    with unit():
        claim = _claim(by, key, digest)
        answer = act()
        if answer.status >= 400:
            raise _Refused(answer)
        claim.sealed = _lock(by, key).encrypt(msgspec.json.encode(answer))
        claim.save(update_fields=["sealed"])
        return answer


def _claim(by: Actor, key: str, digest: str) -> Answer:
    Answer.objects.filter(caller=by.ref, key=_name(key), due_at__lte=clock.now()).delete()
    try:
        with transaction.atomic():
            return Answer.objects.create(caller=by.ref, key=_name(key), request=digest, due_at=clock.now() + KEPT_FOR)
    except IntegrityError as error:
        raise _Taken from error


def _find(by: Actor, key: str, digest: str) -> Kept | None:
    found = Answer.objects.filter(caller=by.ref, key=_name(key), due_at__gt=clock.now()).first()
    if found is None:
        return None
    if not hmac.compare_digest(found.request, digest):
        raise KeyReused
    return msgspec.json.decode(_lock(by, key).decrypt(bytes(found.sealed)), type=Kept)


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _lock(by: Actor, key: str) -> Fernet:
    text = f"{by.ref}\n{key}".encode()
    secret = hashlib.blake2b(text, key=settings.SECRET_KEY.encode()[:64], digest_size=32, person=b"hikeshi.answer")
    return Fernet(base64.urlsafe_b64encode(secret.digest()))
