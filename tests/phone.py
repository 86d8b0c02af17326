"""A fake phone: a channel that keeps what it was handed, and fails as it is told to. No call leaves the test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from unittest.mock import patch

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Person
from hikeshi.accounts.ways import Kind
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import unit
from hikeshi.notify import actions, channels
from hikeshi.notify.handing import Failed, Fault, Handed, Parcel, Setup
from hikeshi.notify.messages import Message, Purpose
from hikeshi.notify.models import Outgoing
from hikeshi.notify.sending import Sender
from hikeshi.notify.wording import Form

DESK = system("test")


@dataclass
class Phone:
    """``faults`` are used up one by one, then everything is taken."""

    form: Form = Form.FULL
    makes_ready: bool = False
    rang: list[Parcel] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def send(self, parcel: Parcel, setup: Setup) -> Handed:
        if self.faults:
            raise Failed(self.faults.pop(0))
        self.rang.append(parcel)
        return Handed(provider_id=f"taken-{len(self.rang)}", status=200)


@contextmanager
def ringing(**kinds: Phone) -> Iterator[None]:
    """These kinds of ways are carried by these phones."""
    with patch.dict(channels.CHANNELS, {Kind(name): phone for name, phone in kinds.items()}):
        yield


def way(person: Person, kind: Kind = Kind.NTFY, address: str = "https://ntfy.example/topic") -> str:
    made = accounts.add_way(by=DESK, owner=f"person:{person.uuid}", kind=kind, address=address)
    return str(made.uuid)


def queue(person: Person, key: str = "k", **given: object) -> Outgoing:
    """Queues a message as a package above would."""
    terms: dict[str, object] = {
        "purpose": Purpose.CANARY,
        "subject": "canary:test",
        "world": World.REAL,
        "to": f"person:{person.uuid}",
        "key": key,
        **given,
    }
    with unit():
        ref = actions.queue(by=DESK, message=Message(**terms))  # type: ignore[arg-type]  # a test's own words
    return Outgoing.objects.get(uuid=ref)


def send(rounds: int = 1, *, passing: timedelta = timedelta()) -> None:
    """So many steps of the loop, that much time before each."""
    sender = Sender(workers=0)
    for _ in range(rounds):
        clock.fast_forward(passing)
        while sender.step(clock.now()):
            continue
