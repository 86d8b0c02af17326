"""The digest loop: no body stops it, and a site that cannot write is not the body's fault."""

import sqlite3
from collections.abc import Sequence
from datetime import timedelta

import psycopg
import pytest
from django.db import DataError, InterfaceError, OperationalError

from hikeshi.engine.digest import DEADLY, Digest
from hikeshi.engine.faults import of_the_site
from hikeshi.intake import actions as intake
from hikeshi.intake import digesting
from hikeshi.intake.actions import rows
from hikeshi.intake.inbox import claims
from hikeshi.intake.inbox.appending import Post, append
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from tests.world import clock, site


def accept(*bodies: bytes) -> None:
    append([Post(InboxItem(uuid7(), "generic", site().pk, body, "", now(), World.REAL, 1)) for body in bodies])


class Desk:
    """Digests by remembering; ``fault`` says what a body brings about."""

    def __init__(self, **faults: Exception) -> None:
        self.faults = {name.encode(): fault for name, fault in faults.items()}
        self.digested: list[bytes] = []
        self.parked: dict[bytes, str] = {}
        self.loop = Digest("me/1/1", self.digest, self.park)

    def digest(self, items: Sequence[InboxItem]) -> None:
        for item in items:
            if item.body in self.faults:
                raise self.faults[item.body]
        self.digested += [item.body for item in items]

    def park(self, item: InboxItem, error: str) -> None:
        self.parked[item.body] = error

    def run(self) -> None:
        while self.loop.step(now()):
            continue


def test_everything_accepted_is_digested_once_and_leaves_the_inbox():
    bodies = [b"%d" % number for number in range(1200)]
    accept(*bodies)
    desk = Desk()
    desk.run()
    assert desk.digested == bodies
    assert not claims.pending()


def test_a_body_that_fails_is_parked_with_its_error_and_the_others_go_on():
    accept(*[b"%d" % number for number in range(30)], b"poison", *[b"%d" % number for number in range(30, 60)])
    desk = Desk(poison=RuntimeError("cannot be mapped"))
    desk.run()
    assert sorted(desk.digested, key=int) == [b"%d" % number for number in range(60)]
    assert list(desk.parked) == [b"poison"]
    assert "cannot be mapped" in desk.parked[b"poison"]
    assert not claims.pending()


def test_a_site_that_cannot_write_loses_nothing_and_parks_nothing():
    accept(b"1", b"2")
    desk = Desk(**{"2": caused(sqlite3.OperationalError("database or disk is full"), 13)})
    for _ in range(3):
        with pytest.raises(OperationalError):
            desk.loop.step(now())
    assert (desk.digested, desk.parked) == ([], {})
    desk.faults.clear()
    desk.run()
    assert desk.digested == [b"1", b"2"]


def test_a_body_that_ended_every_process_is_parked_unread(monkeypatch):
    accept(b"deadly")
    monkeypatch.setattr(claims, "GIVE_UP_AFTER", 0)
    desk = Desk()
    desk.run()
    assert (desk.digested, desk.parked) == ([], {b"deadly": DEADLY})


def caused(cause: Exception, code: int | None = None) -> OperationalError:
    if code is not None:
        cause.sqlite_errorcode = code  # type: ignore[attr-defined]  # the driver sets it on what it raises itself
    error = OperationalError(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "site"),
    [
        (caused(sqlite3.OperationalError("locked"), 5), True),
        (caused(sqlite3.OperationalError("I/O error while syncing"), 10 | 4 << 8), True),
        (caused(sqlite3.OperationalError("too many SQL variables"), 1), False),
        (caused(psycopg.errors.AdminShutdown()), True),
        (caused(psycopg.OperationalError("connection refused")), True),
        (caused(psycopg.errors.ProgramLimitExceeded()), False),
        (InterfaceError("connection already closed"), True),
        (DataError("a NUL in text"), False),
        (RuntimeError("a parser's mistake"), False),
    ],
)
def test_faults_of_the_site_are_told_from_faults_of_a_body(error, site):
    assert of_the_site(error) is site


def test_receipts_are_forgotten_after_days_but_not_while_old_bodies_wait():
    accept(b"{}")
    digested = claims.take("me/1/1")
    assert digested is not None
    digesting.digest(digested.items)
    clock.fast_forward(timedelta(days=3))
    intake.purge_receipts(now())
    assert rows.consumed([digested.items[0].receipt])
    claims.take("me/1/1", done=digested)
    intake.purge_receipts(now())
    assert not rows.consumed([digested.items[0].receipt])
