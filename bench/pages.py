"""How long pages take when there is much: `bench/pages.py [--incidents N] [--times N] [--keep FOLDER] [--only WORD]`.

A throw-away site in a temporary folder (or HIKESHI_DATABASE_URL, which must be empty) is filled with bulk inserts;
then the incident list, the room, the board, the Gantt chart, the calendar and the alert queue are asked for through
the whole of Django, in one process, its memory settled as the server settles its own, signed in as a commander. Prints
p50 and p95 of the time on the wall, p50 of the processor's (which says what a busy machine hides; with PostgreSQL what
its own process took on the average is in it), and the number of queries; exits 1 if p95 is above the limit or the
number of queries depends on how much there is. With a folder the site stays there, and a second run measures it without
building it again; with a word only the pages whose name holds it are asked for, and no number is compared. `--on
postgresql` starts a server of its own.
"""

import argparse
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

sys.path[:0] = [str(place) for place in (Path(__file__).parents[1], Path(__file__).parents[1] / "src")]

from bench import answered, throwaway

LIMITS = {100_000: 100.0, 1_000_000: 200.0}  # ms, p95, with so many incidents
GREATER = {
    "dashboard, eight tiles": 300.0,
    "Gantt chart, 3,000 bars": 200.0,
    "calendar": 200.0,
    "calendar, list": 200.0,
}
READ_IN = 100_000
"""So many records are read into the search in minutes; with more, bench/search.py measures it."""
CONDITIONS = "kind:is:phishing,malware;owner:is:me,none;phase:was:detect"
NOTES = "pages.json"  # beside what is kept
FEW = 20_000  # enough that every list is longer than its page: what fits one is not counted
WORDS = "共有サーバ 営業部 ランサムウェア ログイン 失敗 メール 添付 改ざん 停止 紛失 VPN phishing disk full"


def fill(count: int) -> None:
    """Incidents as an old site has them: most closed, some open, a few restricted; every second one has an alert."""
    from hikeshi.incidents import names
    from hikeshi.incidents.models import STANDING, Incident, Phase
    from hikeshi.kernel.clock import now
    from tests import world

    rng = random.Random(20261121)
    root = world.site()
    owners = [world.person(f"person{number}", "responder") for number in range(40)]
    kinds = list(names.in_use().kinds.items())
    words = WORDS.split()
    for start in range(0, count, 5_000):
        rows = []
        for number in range(start, min(count, start + 5_000)):
            code, kind = rng.choice(kinds)
            status = rng.choices(["open", "resolved", "closed"], weights=[4, 2, 94])[0]
            at = now() - timedelta(minutes=5 * (count - number))
            rows.append(
                Incident(
                    ref=f"INC-2025-{number + 1:06}",
                    title=" ".join(rng.choices(words, k=6)),
                    kind=code,
                    course=kind.course,
                    impact=2,
                    effect=2,
                    urgency=2,
                    urgency_asked=2,
                    priority=rng.choices([1, 2, 3, 4, 5], weights=[1, 4, 20, 45, 30])[0],
                    status=status,
                    standing=STANDING[status],
                    phase=names.in_use().course(kind.course).phases[0],
                    owner=rng.choice(owners),
                    organisation=root,
                    restricted=rng.random() < 0.01,
                    opened_by="system:bench",
                    opened_at=at,
                    updated_at=at,
                )
            )
        made = Incident.objects.bulk_create(rows)
        Phase.objects.bulk_create(
            Phase(incident=one, code=one.phase, place=0, state="open", started_at=one.opened_at) for one in made
        )
        fill_times(made, rng)
        fill_alerts(made, rng)
        fill_tasks(made, rng)
        answered.fill(made, rng)


def fill_tasks(made: "list[object]", rng: random.Random) -> None:
    """Two on each open record, the second after the first."""
    from hikeshi.incidents.models import Task
    from hikeshi.kernel.clock import now

    rows = []
    for one in made:
        if one.status != "open":
            continue
        start = now() + timedelta(days=rng.randrange(-60, 60))
        days = timedelta(days=rng.randrange(1, 14))
        whose = {"incident": one, "owner": one.owner}
        first = Task(title=f"Isolate {one.ref}", start_at=start, due_at=start + days, **whose)
        after = {"after": [str(first.uuid)], "start_at": start + days, "due_at": start + 2 * days}
        rows += [first, Task(title=f"Rebuild {one.ref}", **after, **whose)]
    Task.objects.bulk_create(rows)


def fill_times(made: "list[object]", rng: random.Random) -> None:
    """What the figures measure: four times of each record, and two clocks."""
    from hikeshi.incidents.models import Moment
    from hikeshi.service_levels.models import Clock

    moments, clocks = [], []
    for one in made:
        took = rng.expovariate(1 / 5_000)
        spans = {"detected": -600, "acknowledged": took / 10, "contained": took, "resolved": took * 3}
        for kind, seconds in spans.items():
            at = one.opened_at + timedelta(seconds=seconds)
            if kind in {"detected", "acknowledged"} or one.status != "open":
                moments.append(Moment(incident=one, kind=kind, at=at, source="action", set_by="system:bench"))
        for measure in ("own", "solve"):
            done = rng.choices(["met", "missed"], weights=[9, 1])[0]
            state, due = ("running" if one.status == "open" else done), one.opened_at + timedelta(days=1)
            said = {"because": "opened", "target": "bench", "minutes": 1_440, "round": 1, "due_at": due}
            clocks.append(Clock(incident=one.uuid, measure=measure, state=state, started_at=one.opened_at, **said))
    Moment.objects.bulk_create(moments, batch_size=5_000)
    Clock.objects.bulk_create(clocks, batch_size=5_000)


def fill_alerts(made: "list[object]", rng: random.Random) -> None:
    from hikeshi.intake.models import Alert
    from hikeshi.kernel.clock import now

    Alert.objects.bulk_create(
        Alert(
            organisation=one.organisation,
            source="generic",
            fingerprint=f"{one.uuid.hex}",
            title=one.title,
            words=one.title.casefold(),
            severity=rng.choice([2, 3, 4]),
            verdict=rng.choices(["keep", "drop", "attach"], weights=[2, 1, 7])[0],
            rule="bench",
            reason='{"en": "Measured."}',
            first_seen=one.opened_at,
            last_seen=now() - timedelta(seconds=rng.randrange(10_000_000)),
            count=rng.randrange(1, 5_000),
        )
        for one in made[::2]
    )


def furnish() -> str:
    """One incident as full as a long night leaves it."""
    from hikeshi.incidents import actions
    from tests import world

    who = world.actor("person0", "commander")
    made = actions.open_incident(by=who, title="A long night", kind="ransomware", impact=1, effect=1, urgency=1)
    for number in range(30):
        actions.note(by=who, ref=made.ref, text=f"**Note {number}** with a list\n\n- one\n- two")
        actions.add_task(by=who, ref=made.ref, title=f"Task {number}", owner=f"person{number}")
    for key in ("what", "where", "how", "damage", "systems"):
        actions.set_fact(by=who, ref=made.ref, key=key, value="what is known " * 10)
    return made.ref


@dataclass(frozen=True, slots=True)
class Built:
    """``few``: queries of each page of a site of ``FEW`` incidents, as ``code`` asked them."""

    ref: str
    few: dict[str, int]
    count: int
    took: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    middle: float
    slow: float
    busy: float
    queries: int


def measure(get: Callable[[], object], times: int) -> Measured:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    get()
    took, busy, served = [], [], serving()
    for _ in range(times):
        begun, began = time.perf_counter(), time.process_time()
        get()
        took.append((time.perf_counter() - begun) * 1000)
        busy.append((time.process_time() - began) * 1000)
    beside = (serving() - served) / times
    with CaptureQueriesContext(connection) as asked:
        get()
    took.sort()
    slow = took[int(len(took) * 0.95)]
    return Measured(statistics.median(took), slow, statistics.median(busy) + beside, len(asked))


def serving() -> float:
    """Milliseconds of the processor that PostgreSQL's process for this connection has had; SQLite works in ours."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    place = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    user, system = place.read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * 1000 / os.sysconf("SC_CLK_TCK")


SEARCHES = {
    "search, one word": "/search/?q=" + quote("サーバ"),
    "search, three words": "/search/?q=" + quote("サーバ 停止 phishing"),
    "search, as one types": "/search/?q=phis",
}


def pages(ref: str) -> dict[str, str]:
    from hikeshi.search.models import Document

    found = {} if Document.objects.count() < FEW else SEARCHES
    return found | {
        "home": "/",
        "incident list": "/incidents/",
        "incident list, all, page 2": "second",
        "incident list, words": "/incidents/?status=all&q=ランサムウェア",
        "incident list, a kind": "/incidents/?status=all&kind=phishing",
        "incident list, three filters": "/incidents/?filter=" + quote(CONDITIONS),
        "incident list, under headings": "/incidents/?group=owner",
        "incident room": f"/incidents/{ref}/",
        "board, by phase": "/board/",
        "board, by owner": "/board/?by=owner",
        "board, by status": "/board/?by=status",
        "Gantt chart, 3,000 bars": "/gantt/",
        "calendar": "/calendar/",
        "calendar, list": "/calendar/?as=list",
        "dashboard, eight tiles": "/figures/",
        "alert queue": "/alerts/",
        "alert queue, all": "/alerts/?stand=all",
        "alert queue, words": "/alerts/?stand=all&q=phishing",
        **answered.pages(),
    }


def browser() -> "object":
    """Signed in for a day: what has not signed in by the door is let go after a quarter of an hour, and a busy machine
    takes longer.
    """
    from django.conf import settings
    from django.test import Client

    from hikeshi.accounts import sessions
    from tests import world

    client = Client(headers={"accept-encoding": "gzip"})
    client.force_login(world.person("person0", "commander"), backend=settings.AUTHENTICATION_BACKENDS[0])
    kept = client.session
    kept[sessions.ORIGIN] = sessions.begin("127.0.0.1", "bench")
    kept.save()
    return client


def run(client: "object", paths: dict[str, str], times: int) -> dict[str, Measured]:
    import re

    found = {}
    for name, path in paths.items():
        wanted = path
        if path == "second":
            first = client.get("/incidents/?status=all", headers={"accept-encoding": "identity"}).content.decode()
            following = re.search(r'href="(\?[^"]*cursor=[^"]+)"', first)
            wanted = "/incidents/" + (following[1].replace("&amp;", "&") if following else "?status=all")
        answer = client.get(wanted)
        assert answer.status_code == 200, (name, answer.status_code)
        found[name] = measure(lambda wanted=wanted: client.get(wanted), times)
    return found


def build(count: int, kept: Path | None) -> Built:
    """A site that is filled and learnt; or the one that an earlier run left in ``kept``."""
    from django.db import connection

    from hikeshi.kernel import learning
    from tests import finding

    if kept is not None and (kept / NOTES).exists():
        count_days()
        return Built(**json.loads((kept / NOTES).read_text()))
    begun = time.perf_counter()
    fill(count)
    filled = time.perf_counter()
    count_days()
    took = f"built in {filled - begun:.0f} s, its days counted in {time.perf_counter() - filled:.0f} s"
    answered.read_in()
    made = Built(ref=furnish(), few={}, count=count, took=took)
    if count <= READ_IN:
        finding.read_in()
    learning.learn(connection)  # as a desk does that starts
    if connection.vendor == "postgresql":  # as its own upkeep does
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    keep(made, kept)
    return made


def keep(made: Built, kept: Path | None) -> None:
    if kept is not None:
        (kept / NOTES).write_text(json.dumps(asdict(made)))


def code() -> str:
    """What is asked by: a site that was kept may be older than it."""
    told, place = hashlib.sha256(), Path(__file__).parents[1] / "src/hikeshi"
    for path in sorted(one for one in place.rglob("*") if one.suffix in {".py", ".html"}):
        told.update(path.read_bytes())
    return told.hexdigest()


def compared(built: Built, kept: Path | None, on: str) -> Built:
    """With the queries of each page of a site of ``FEW``, asked by this code: a process of its own fills one."""
    if built.code == code():
        return built
    alone = {name: value for name, value in os.environ.items() if not name.startswith("HIKESHI_DATA")}
    asked = [sys.executable, __file__, "--incidents", str(FEW), "--times", "3", "--few", "--on", on]
    told = subprocess.run(asked, stdout=subprocess.PIPE, check=True, env=alone).stdout
    made = replace(built, few=json.loads(told.splitlines()[-1]), code=code())
    keep(made, kept)
    return made


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--incidents", type=int, default=100_000)
    arguments.add_argument("--times", type=int, default=60)
    arguments.add_argument("--keep", type=Path, metavar="FOLDER")
    arguments.add_argument("--only", default="", metavar="WORD")
    arguments.add_argument("--few", action="store_true", help="says the number of queries of each page, and no more")
    arguments.add_argument("--on", choices=throwaway.ON, default="")
    wanted = arguments.parse_args()
    throwaway.prepare(wanted.keep, wanted.on)
    from django.conf import settings
    from django.db import connection

    from hikeshi.config import serving

    settings.ALLOWED_HOSTS = ["*"]
    built = build(wanted.incidents, wanted.keep)
    client = browser()
    serving.settle()
    chosen = {name: path for name, path in pages(built.ref).items() if wanted.only in name}
    many = run(client, chosen, wanted.times)
    if wanted.few:
        print(json.dumps({name: one.queries for name, one in many.items()}))
        return 0
    if not wanted.only:
        built = compared(built, wanted.keep, connection.vendor)
    failed = False
    limit = next((ms for most, ms in LIMITS.items() if built.count <= most), max(LIMITS.values()))
    if not wanted.only and "search, one word" not in many:
        print("the search is measured by bench/search.py")
    print(f"load {os.getloadavg()[0]:.1f}; p95 at most {limit:.0f} ms, of {GREATER}")
    print(f"{connection.vendor}, {built.count:,} incidents, {wanted.times} times each; {built.took}")
    print(f"{'page':30} {'p50 ms':>8} {'p95 ms':>8} {'CPU p50':>8} {'queries':>8} {f'with {FEW:,}':>11}")
    for name, one in many.items():
        before = one.queries if wanted.only else built.few[name]
        bad = one.slow > max(limit, GREATER.get(name, 0.0)) or one.queries > before
        failed |= bad
        figures = f"{one.middle:8.1f} {one.slow:8.1f} {one.busy:8.1f} {one.queries:8} {before:11}"
        print(f"{name:30} {figures} {'  TOO SLOW OR TOO MANY' if bad else ''}")
    return 1 if failed else 0


def count_days() -> None:
    """As the engine does by and by: the dashboard reads what days that are over came to."""
    from hikeshi.figures import actions as figures
    from hikeshi.kernel.clock import now

    while figures.tally(now()):
        continue


if __name__ == "__main__":
    sys.exit(main())
