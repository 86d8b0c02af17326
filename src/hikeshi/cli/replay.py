"""``hikeshi replay``: recorded alerts sent through the running desk's door, with a key that lives as long as this."""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from gettext import gettext as _
from http.client import HTTPConnection, HTTPException
from itertools import chain, islice

from django.conf import settings

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries, sealing
from hikeshi.cli import desk, recordings, words
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.ids import uuid7

BATCH = 100
TRIES = 30
BY = system("command-line")


class Turned(Exception):
    """The desk did not take a body; the text is its own."""


@dataclass(slots=True)
class _Sent:
    bodies: int = 0
    accepted: int = 0
    seconds: float = 0.0


def replay(options: argparse.Namespace) -> int:
    here = settings.ENVIRONMENT
    if not desk.answers(here):
        sentence = _("No desk answers at %(address)s. Start it first: hikeshi serve")
        return words.complain(sentence % {"address": desk.address(here)})
    sent = _Sent()
    try:
        with _key(options.source) as secret:
            _send_all(options, secret, sent)
    except Turned as turned:
        return words.complain(_("The desk did not take it: %(reason)s") % {"reason": turned})
    except recordings.NotARecording as error:
        return words.complain(_("%(where)s is neither JSON nor NDJSON.") % {"where": error})
    except (OSError, EOFError, HTTPException) as error:
        return words.complain(str(error))
    if options.json:
        print(json.dumps({"bodies": sent.bodies, "accepted": sent.accepted, "seconds": round(sent.seconds, 3)}))
    else:
        words.say(_("Alerts accepted: %(count)s, in %(seconds).1f s."), count=sent.accepted, seconds=sent.seconds)
    return 0


@contextmanager
def _key(source: str) -> Iterator[str]:
    expires = clock.now() + timedelta(days=1)
    secret = accounts.create_token(by=BY, scope="intake", source=source, name="replay", expires_at=expires)
    try:
        yield secret
    finally:
        token = queries.tokens(BY).get(digest=sealing.digest(secret))
        accounts.revoke_token(by=BY, token=token.uuid)


def _send_all(options: argparse.Namespace, secret: str, sent: _Sent) -> None:
    size = BATCH if options.rate <= 0 else max(1, min(BATCH, int(options.rate / 10)))
    recorded = chain.from_iterable(map(recordings.bodies, options.file))
    rest = map(recordings.brought_up_to_date, recorded) if options.now else recorded
    client = desk.connection(settings.ENVIRONMENT)
    began = time.monotonic()
    while batch := list(islice(rest, size)):
        sent.accepted += _send(client, options.source, secret, b"\n".join(batch))
        sent.bodies += len(batch)
        sent.seconds = time.monotonic() - began
        if options.rate > 0:
            time.sleep(max(0.0, sent.bodies / options.rate - sent.seconds))
    client.close()


def _send(client: HTTPConnection, source: str, secret: str, body: bytes) -> int:
    """How many alerts were accepted. Sent again under one key while the desk is busy, so they count once."""
    headers = {
        "Authorization": f"Bearer {secret}",
        "Content-Type": "application/x-ndjson",
        "Idempotency-Key": str(uuid7()),
    }
    reason = ""
    for _attempt in range(TRIES):
        try:
            client.request("POST", f"/intake/v1/{source}", body, headers)
            response = client.getresponse()
            answer = response.read()
        except (ConnectionError, HTTPException) as error:
            client.close()  # the desk was started again meanwhile
            reason, pause = str(error), 1.0
        else:
            if response.status == 202:
                return int(json.loads(answer)["accepted"])
            reason = f"{response.status} {answer.decode(errors='replace')[:500]}"
            if response.status not in {429, 503}:
                break
            pause = float(response.headers.get("Retry-After") or 1)
        time.sleep(pause)
    raise Turned(reason)
