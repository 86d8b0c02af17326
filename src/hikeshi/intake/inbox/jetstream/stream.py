"""The inbox as a stream that several machines keep together (DESIGN section 5).

A body is acknowledged once the servers have it on as many disks as the site asks for, and is deleted once the
transaction that digested it is true. A key is claimed first, its body sent after it under the receipt of whoever was
first: a crash in between, or an answer that got lost, is mended by the sender's next try, and what that stores twice
has one receipt.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from django.db import transaction
from nats.aio.client import Client

from hikeshi.intake.inbox import claims
from hikeshi.intake.inbox.address import Stream
from hikeshi.intake.inbox.appending import Outcome, Post
from hikeshi.intake.inbox.claims import Taken
from hikeshi.intake.inbox.jetstream import keeping, reading, runs, shape, sharing
from hikeshi.intake.inbox.jetstream.bell import Bell
from hikeshi.intake.inbox.jetstream.faults import Unreachable
from hikeshi.intake.inbox.jetstream.reading import Kept
from hikeshi.intake.inbox.jetstream.sending import Sender
from hikeshi.intake.inbox.jetstream.wire import Wire
from hikeshi.intake.inbox.models import Run
from hikeshi.intake.inbox.totals import Totals

SECONDS: Final = 8.0
"""A leader that is lost is replaced within these; then no body is refused for it."""
SWEEP_EVERY: Final = 0.25
LOOKS: Final = 20
"""Tries to see the stream and the database at one moment."""
RACES: Final = 5
"""Times that other digesters may be faster before this one waits."""
log = logging.getLogger(__name__)


class StreamInbox:
    """What `place.Inbox` promises."""

    def __init__(self, stream: Stream) -> None:
        self.wire = Wire(stream)
        self._name = stream.name
        self._sender: Sender | None = None
        self._swept = 0.0
        self._accepted = 0
        self._born: datetime | None = None

    def append(self, posts: Sequence[Post]) -> list[Outcome]:
        async def keep(client: Client) -> list[Outcome]:
            return await keeping.keep(await self._sends(client), self._name, posts, SECONDS)

        return self.wire.call(keep, 3 * SECONDS)

    async def _sends(self, client: Client) -> Sender:
        if self._sender is None or self._sender.client is not client:
            sender = Sender(client)
            await sender.start()
            self._sender = sender
        return self._sender

    def pending(self) -> bool:
        return self._state(subjects=False).messages > 0

    def waiting_since(self, moment: datetime) -> bool:
        state = self._state(subjects=False)
        return state.messages > 0 and state.first_at < moment

    def _state(self, *, subjects: bool = True) -> reading.State:
        async def look(client: Client) -> reading.State:
            return await reading.state(client, self._name, subjects=subjects)

        return self.wire.call(look)

    def take(self, owner: str, *, done: Taken | None = None) -> Taken | None:
        if done is not None:
            runs.finish(done.claims)
        state = self._known()
        state = self._known() if self._swept_away() else state
        run = runs.take_over(owner)
        if run is not None:
            return self._again(run)
        for _ in range(RACES):
            taken, lost = self._new(owner, state, quick=done is None or not done.quick)
            if taken is not None or not lost:
                return taken
            state = self._known()
        return None

    def _known(self) -> reading.State:
        """The stream as it is; what was claimed of an older one by this name is forgotten before anything is done."""
        state = self._state()
        if state.created != self._born:
            runs.belongs(state.created)
            self._born = state.created
        return state

    def _again(self, run: Run) -> Taken | None:
        """A run that somebody began."""
        kept = self._read(run)
        if not kept:
            runs.finish([run.pk])
            return None
        if run.tries >= claims.HALVE_AFTER and len(kept) > 1:
            kept = runs.halve(run, kept)
        return _taken([(run, kept)])

    def _read(self, run: Run) -> Sequence[Kept]:
        async def near(client: Client) -> Sequence[Kept]:
            return await reading.bodies(client, self._name, run.source, first=run.first, most=run.bodies, size=0)

        async def leading(client: Client) -> Sequence[Kept]:
            return await reading.of_leader(client, self._name, run.source, run.first, run.last)

        kept = self.wire.call(near)
        if len(kept) == run.bodies and kept[-1].number == run.last:
            return kept
        kept = self.wire.call(leading, 60.0)  # whoever was asked is behind; or the stream itself has lost them
        if len(kept) != run.bodies:
            log.error("of %d bodies of %s the stream has %d left", run.bodies, run.source, len(kept))
            runs.shrink(run, kept)
        return kept

    def _new(self, owner: str, state: reading.State, *, quick: bool) -> tuple[Taken | None, bool]:
        """What is nobody's yet; and whether others took it while this one looked."""
        known = runs.lanes()
        shares, quick = sharing.shares(state.counts, runs.in_hand(), quick=quick)
        if not shares:
            return None, False

        async def read(client: Client) -> dict[str, Sequence[Kept]]:
            return await sharing.read(client, self._name, shares, known)

        chosen = self.wire.call(read, 30.0)
        made = runs.claim(owner, chosen, known)
        if not made:  # others took it, or swept away what the stream still counted
            return None, True
        return _taken([(run, chosen[run.source]) for run in made], quick=quick), False

    @contextmanager
    def together(self, taken: Taken) -> Iterator[None]:
        with transaction.atomic():
            yield
            runs.finish(taken.claims)

    def give_back(self, taken: Taken) -> None:
        runs.give_back(taken.claims)

    def _swept_away(self) -> bool:
        """Deletes from the stream what is done; not after every batch, for each time costs the servers the same."""
        if time.monotonic() - self._swept < SWEEP_EVERY:
            return False
        gone = runs.leaving()

        async def drop(client: Client) -> None:
            for source, upto in gone.items():
                await reading.drop(client, self._name, source, upto)

        if gone:
            self.wire.call(drop, 30.0)
            runs.left(gone)
        self._swept = time.monotonic()
        return bool(gone)

    def totals(self) -> Totals:
        """Exact: the stream is counted between two looks at the database that agree on what it still holds."""
        for _ in range(LOOKS):
            before = runs.ledger()
            there = self._state().alerts
            after = runs.ledger()
            if before.settled and after.settled and before.done.keys() <= after.done.keys():
                self._accepted = max(self._accepted, before.taken + there - sum(before.done.values()))
                break
        return Totals(self._accepted, self._accepted - before.taken)

    def purge_keys(self) -> bool:
        """The servers forget them by themselves."""
        return False

    def ring(self) -> None:
        async def ring(client: Client) -> None:
            await client.publish(shape.bell(self._name))

        try:
            self.wire.call(ring, 1.0)
        except Unreachable as error:
            raise OSError(str(error)) from None

    def listen(self) -> Bell:
        return Bell(self.wire, shape.bell(self._name))

    def begin_afresh(self) -> None:
        """The wire finds its way back by itself."""


def _taken(found: Sequence[tuple[Run, Sequence[Kept]]], *, quick: bool = False) -> Taken:
    kept = sorted((one for _, bodies in found for one in bodies), key=lambda one: one.number)
    deadly = len(kept) == 1 and found[0][0].tries >= claims.GIVE_UP_AFTER
    return Taken(
        tuple(run.pk for run, _ in found),
        tuple(one.number for one in kept),
        tuple(one.item for one in kept),
        deadly,
        quick,
    )
