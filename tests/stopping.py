"""The real engine with a point at which it stands still: ``python -m tests.stopping <point> <mark> <proof> <number>``.

Once every page of earlier runs has its proof, their tries are written to ``proof``, and record ``number`` is opened.
From then on whoever comes to the point stops there for good and leaves ``mark``; who waits for it kills the process.
"""

import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import django

POINTS: Final = {
    # the step: where it is looked up, under which name, and whether it stops after having done it
    "queueing": ("hikeshi.notify.actions", "queue_all", True),
    "queued": ("hikeshi.notify.setups", "read", False),
    "planned": ("hikeshi.notify.actions.claiming", "take_ways", False),
    "ready": ("hikeshi.notify.sending", "_made", True),
    "calling": ("hikeshi.kernel.http.holding", "must_be_let_go", True),
    "taken": ("hikeshi.notify.channels", "send", True),
    "recording": ("hikeshi.notify.actions.health", "worked", True),
    "recorded": ("hikeshi.notify.actions.outcomes", "settle", True),
}
LEASE: Final = timedelta(seconds=4)
_armed = threading.Event()


def stop_at(point: str, mark: Path) -> None:
    module, name, after = POINTS[point]
    found = importlib.import_module(module)
    real: Callable[..., object] = getattr(found, name)

    def stopping(*given: object, **named: object) -> object:
        done = real(*given, **named) if after else None
        if _armed.is_set():
            mark.touch()
            time.sleep(3600)
        return done if after else real(*given, **named)

    setattr(found, name, stopping)


def found(receiver: str) -> None:
    """Somebody with a webhook, who is called for the gravest."""
    from hikeshi.notify import actions as notify
    from tests import world
    from tests.domains import calling

    ito = world.person("ito", "responder")
    notify.set_hosts(by=calling.DESK, hosts="127.0.0.1", window=1)
    calling.accounts.add_way(by=calling.DESK, owner=calling.ref(ito), kind="webhook", address=receiver)
    calling.policy(calling.step(ito), priorities=(1,), patience=240)


def go_on(number: int, proof: Path) -> None:
    from tests.domains import calling, incidents

    tries = waited(number - 1)
    proof.write_text(json.dumps(tries), encoding="utf-8")
    _armed.set()
    incidents.opened(by=calling.DESK, title=f"number {number}")


def waited(many: int) -> dict[str, list[tuple[str, bool]]]:
    """The tries of each page, once there are ``many`` and none is under way: its result, and whether it was sent as a
    repeat. A page whose plan was rolled back is not there at first; the next record, opened before it is, would be
    told in one message with it."""
    from hikeshi.notify.models import Delivery, Outgoing

    pages = Outgoing.objects.filter(purpose="page").order_by("id")
    while pages.filter(course="sent").count() < many or Delivery.objects.exclude(leg="sent").exists():
        time.sleep(0.02)
    return {
        str(one.subject): [(each.result, each.repeated) for row in one.deliveries.all() for each in row.proof.all()]
        for one in pages
    }


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "hikeshi.config.settings"
    django.setup()
    from hikeshi.cli import units
    from hikeshi.notify import rules

    point, mark, proof, number, receiver = sys.argv[1:]
    rules.LEASE = LEASE  # type: ignore[misc]  # a minute of waiting at each step is too long for a test
    if point in POINTS:
        stop_at(point, Path(mark))
    if number == "1":
        found(receiver)
    threading.Thread(target=go_on, args=(int(number), Path(proof)), daemon=True).start()
    units.end(units.run("engine"))


if __name__ == "__main__":
    main()
