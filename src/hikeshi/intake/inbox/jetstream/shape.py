"""What the two streams are like: one for bodies, one that remembers Idempotency-Keys for a day."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from hikeshi.intake.inbox.address import Stream
from hikeshi.intake.inbox.appending import KEY_LIFE
from hikeshi.intake.inbox.jetstream.faults import ApiError

WINDOW: Final = 120
"""Seconds within which the servers themselves keep one message of an id; beyond, the consumed receipts do."""
SECOND: Final = 1_000_000_000
KEYS_SHARE: Final = 10
"""Of the room for bodies, keys may take this part at most."""
MISSING: Final = 10059
Ask = Callable[[str, Mapping[str, object]], Awaitable[dict[str, object]]]


def bodies(name: str) -> str:
    return name


def keys(name: str) -> str:
    return f"{name}-keys"


def subject(name: str, source: str, alerts: int) -> str:
    """Of a body. How many alerts it holds stands in it, so that the servers' own count by subject counts alerts."""
    return f"{name}.inbox.{source}.{alerts}"


def of_source(name: str, source: str) -> str:
    return f"{name}.inbox.{source}.*"


def key_subject(name: str, digest: bytes) -> str:
    return f"{name}.key.{digest.hex()}"


def bell(name: str) -> str:
    return f"{name}.wake"


async def settle(stream: Stream, ask: Ask) -> None:
    """Makes the streams, or brings them to what the site's settings say now."""
    for wanted in _wanted(stream):
        name = str(wanted["name"])
        try:
            found = (await ask(f"STREAM.INFO.{name}", {}))["config"]
        except ApiError as error:
            if error.number != MISSING:
                raise
            await ask(f"STREAM.CREATE.{name}", wanted)
            continue
        if isinstance(found, dict) and any(found.get(each) != value for each, value in wanted.items()):
            await ask(f"STREAM.UPDATE.{name}", {**found, **wanted})


def _wanted(stream: Stream) -> tuple[Mapping[str, object], Mapping[str, object]]:
    both: dict[str, object] = {
        "storage": "file",
        "retention": "limits",
        "discard": "new",  # full means 503 to the sender, never the oldest body gone
        "num_replicas": stream.replicas,
        "duplicate_window": WINDOW * SECOND,
    }
    room = stream.megabytes * 1_000_000
    name = stream.name
    return (
        {
            **both,
            "name": bodies(name),
            "subjects": [f"{name}.inbox.*.*"],
            "max_bytes": room,
            "allow_direct": True,  # any replica may be asked for bodies: each has a whole beginning of the stream
        },
        {
            **both,
            "name": keys(name),
            "subjects": [f"{name}.key.*"],
            "max_bytes": max(room // KEYS_SHARE, 1_000_000),
            "max_age": int(KEY_LIFE.total_seconds()) * SECOND,
            "max_msgs_per_subject": 1,
            "discard_new_per_subject": True,  # who comes first with a key has it
        },
    )
