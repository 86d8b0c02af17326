"""The inbox as tables: what `test_inboxes` does not ask of every kind."""

from datetime import timedelta

from hikeshi.intake.inbox import purging
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
