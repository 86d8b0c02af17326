"""Tokens are asked for once in a few seconds, and for a while longer where nobody can be asked."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError

from hikeshi.edge import keys
from hikeshi.edge.keys import GRACE, SECONDS, Keys, Sender
from hikeshi.edge.wire import Refused
from hikeshi.kernel.worlds import World


class Accounts:
    """What the database says, and what time it is."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.asked, self.gone = 100.0, 0, False
        self.valid = {"good"}
        monkeypatch.setattr(Keys, "_asked", self.answer)
        monkeypatch.setattr(keys.time, "monotonic", lambda: self.now)

    def answer(self, digest: bytes, secret: str) -> Sender | None:
        self.asked += 1
        if self.gone:
            raise OperationalError
        return Sender(digest, "generic", 1, World.REAL) if secret in self.valid else None


@pytest.fixture
def accounts(monkeypatch):
    return Accounts(monkeypatch)


def ask(known: Keys, secret: str = "good") -> int:
    """The status a sender with this token would get."""

    async def look() -> int:
        try:
            await known.sender_of(secret)
        except Refused as refused:
            return refused.status
        return 202

    return asyncio.run(look())


def test_a_token_is_good_while_the_database_is_away_for_a_while_and_a_revoked_one_never(accounts):
    with ThreadPoolExecutor(1) as pool:
        known = Keys(pool)
        assert (ask(known), ask(known), accounts.asked) == (202, 202, 1)
        assert ask(known, "bad") == 401
        accounts.gone = True
        accounts.now += SECONDS + GRACE - 1
        assert (ask(known), ask(known, "bad"), ask(known, "never seen")) == (202, 503, 503)
        accounts.now += 2
        assert ask(known) == 503
        accounts.gone, accounts.valid = False, set()
        assert ask(known) == 401
        accounts.gone = True
        accounts.now += SECONDS + 1
        assert ask(known) == 503, "what was found revoked is not good again"
