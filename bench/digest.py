"""Alerts digested per second by one process into SQLite, and the same rows put in bare: how much thinking costs.

    python -m bench.digest [alerts]

Three loads: every alert a new thing; each repeated ten times; and one storm of a single thing.
"""

import atexit
import gc
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BATCH = 500
ALERTS = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Per second on the wall, and per second of processor time: what it would be on an idle machine."""

    elapsed: float
    busy: float


class Watch:
    def __init__(self) -> None:
        gc.collect()
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def rate(self, count: int) -> Rate:
        return Rate(count / (time.perf_counter() - self.wall), count / (time.process_time() - self.cpu))


def suricata(number: int) -> dict[str, object]:
    """About 600 bytes, as EVE writes them; ``number`` decides which thing it is."""
    return {
        "timestamp": f"2026-11-21T09:{number // 60 % 60:02}:{number % 60:02}.{number % 1_000_000:06}+0900",
        "flow_id": 928532049924531 + number,
        "in_iface": "eth0",
        "event_type": "alert",
        "src_ip": f"203.0.{number // 250 % 250}.{number % 250}",
        "src_port": 1024 + number % 60_000,
        "dest_ip": f"10.{number // 62_500 % 250}.8.150",
        "dest_port": 22,
        "proto": "TCP",
        "app_proto": "ssh",
        "alert": {
            "action": "allowed",
            "gid": 1,
            "signature_id": 2001219,
            "rev": 20,
            "signature": "ET POLICY SSH session in progress on an expected port",
            "category": "Misc activity",
            "severity": 3,
            "metadata": {"signature_severity": ["Informational"], "updated_at": ["2019_07_26"]},
        },
        "flow": {"pkts_toserver": 1, "pkts_toclient": 0, "bytes_toserver": 74, "bytes_toclient": 0},
    }


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["HIKESHI_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "hikeshi.config.settings"
    os.environ.pop("HIKESHI_DATABASE_URL", None)
    import django  # after the environment is set

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("migrate", verbosity=0, database="inbox")
    from hikeshi.accounts import actions, queries
    from hikeshi.kernel.acting import system

    actions.bootstrap(by=system("bench"), password="correct horse battery staple")
    organisation = queries.root().pk
    measure("warm", organisation, ALERTS)
    rates = {name: measure(name, organisation, different) for name, different in loads()}
    rates["bare upsert"] = bare = put_bare(ALERTS)
    print("                            elapsed      of one core's own time")
    for name, rate in rates.items():
        share = rate.busy / bare.busy
        print(f"{name:>24}: {rate.elapsed:9,.0f}/s {rate.busy:9,.0f}/s   {share:5.2f} of the bare upsert")


def loads() -> Iterator[tuple[str, int]]:
    yield "all different", ALERTS
    yield "each ten times", ALERTS // 10
    yield "one thing", 1


def measure(name: str, organisation: int, different: int) -> Rate:
    from hikeshi.intake.digesting import digest
    from hikeshi.intake.inbox.items import InboxItem
    from hikeshi.kernel.clock import now
    from hikeshi.kernel.ids import uuid7
    from hikeshi.kernel.worlds import World

    offset = {"warm": 9_000_000, "all different": 0, "each ten times": 3_000_000, "one thing": 6_000_000}[name]
    bodies = [json.dumps(suricata(offset + n % different)).encode() for n in range(ALERTS)]
    items = [
        InboxItem(uuid7(), "suricata", organisation, body, "application/json", now(), World.REAL, 1) for body in bodies
    ]
    watch = Watch()
    for at in range(0, ALERTS, BATCH):
        digest(items[at : at + BATCH])
    return watch.rate(ALERTS)


def put_bare(count: int) -> Rate:
    """The same rows and bodies again, by nothing but the statements the digest uses, in batches of the same size."""
    from django.db import connection, transaction

    from hikeshi.intake.actions import rows
    from hikeshi.intake.models import Alert

    names = ", ".join(rows._ONCE + rows._CHANGING)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM intake_alert LIMIT {count}")
        taken = [list(row) for row in cursor.fetchall()]
        cursor.execute("SELECT received_at, content_type, body FROM intake_rawbody LIMIT %s", [len(taken)])
        bodies = cursor.fetchall()
    for row in taken:
        row[0], row[4] = row[0][::-1], row[4][::-1]
    first = (Alert.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
    watch = Watch()
    for at in range(0, len(taken), BATCH):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(rows._INSERT, taken[at : at + BATCH])
            kept = [(first + at + n, 0, *body) for n, body in enumerate(bodies[at : at + BATCH])]
            cursor.executemany(rows._BODY, kept)
    return watch.rate(len(taken))


if __name__ == "__main__":
    main()
