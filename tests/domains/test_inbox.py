"""The inbox as tables: what `test_inboxes` does not ask of every kind."""

from datetime import timedelta

import pytest

from hikeshi.intake.inbox import claims, purging, tables
from hikeshi.intake.inbox.appending import KEY_LIFE, Answer, Post, append
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.inbox.models import Item, Key
from hikeshi.kernel.clock import now
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from tests.world import clock


def item(body: bytes = b"{}", alerts: int = 1, source: str = "generic") -> InboxItem:
    return InboxItem(uuid7(), source, 7, body, "application/json", now(), World.REAL, alerts)


def accept(*items: InboxItem) -> list[Answer]:
    return append([Post(one) for one in items])


def test_many_go_in_at_once():
    sent = [item(b"%d" % number) for number in range(301)]
    accept(*sent)
    assert [bytes(body) for body in Item.objects.order_by("id").values_list("body", flat=True)] == [
        one.body for one in sent
    ]


def test_a_key_is_forgotten_after_a_day():
    (before,) = append([Post(item(), b"key", b"digest")])
    clock.fast_forward(KEY_LIFE - timedelta(seconds=1))
    assert append([Post(item(), b"key", b"digest")]) == [before]
    clock.fast_forward(timedelta(seconds=2))
    assert append([Post(item(), b"key", b"other")]) != [before]
    clock.fast_forward(KEY_LIFE + timedelta(seconds=1))
    assert purging.purge_keys() is False
    assert not Key.objects.exists()


def _waits_for_the_disk() -> object:
    asked = "SHOW synchronous_commit" if tables.connection().vendor == "postgresql" else "PRAGMA synchronous"
    with tables.connection().cursor() as cursor:
        cursor.execute(asked)
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True, databases="__all__")
def test_a_claim_waits_for_no_disk_and_whatever_is_accepted_does(monkeypatch: pytest.MonkeyPatch) -> None:
    if tables.connection().vendor == "postgresql":  # which is told not to wait while tests run
        with tables.connection().cursor() as cursor:
            cursor.execute("SET synchronous_commit = on")
    accept(item())
    seen = []
    take_new = claims._take_new

    def looking(*given: object, **named: object) -> object:
        seen.append(_waits_for_the_disk())
        return take_new(*given, **named)

    monkeypatch.setattr(claims, "_take_new", looking)
    taken = claims.take("digester")
    assert taken is not None
    assert seen in ([1], ["off"])
    assert _waits_for_the_disk() in {2, "on"}
