"""How much of several days' alerts a person must look at, and whether an attack among them becomes one incident.

    .venv/bin/python bench/triage.py [--waiting] STREAM.csv[.xz]…

Each stream is one scenario of the AIT Alert Data Set (columns time, name, ip, host, time_label, event_label). Its
alerts go, every half minute of their time and without the labels, through the door of a server of this bench's own, in
the form each detector writes, with the shipped rules in force; then the labels say what became of them. Nobody closes
an incident meanwhile, so what comes later about the same thing joins it: fewer false incidents than at a desk at work.

The set names no severities: Wazuh's levels and Suricata's classes are those of their makers' own rule sets, by the
title. A step of the attack counts as seen where its alerts carry an event label, for the time alone says only what came
meanwhile; as covered, where the row of such an alert belongs to an incident. Rows fold what is the same for days, so a
row may also hold what came before the attack.
"""

import argparse
import csv
import json
import lzma
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from intake import Desk

BATCH = 200
EVERY = 30.0
LEVELS = (
    ("Multiple web server 400", 10), ("Multiple IDS", 10), ("brute force", 10), ("First time this IDS", 8),
    ("Common web attack", 6), ("Suspicious URL", 6), ("insecure connection attempt", 6), ("IDS event", 6),
    ("First time user executed sudo", 4), ("Successful sudo", 3), ("changed UID", 3), ("session", 3),
    ("Success", 3), ("success", 3), ("ClamAV", 3), ("SELinux", 3),
)  # fmt: skip
CLASSES = (
    ("ET SCAN", 1, "Web Application Attack"), ("ET INFO", 3, "Misc activity"),
    ("ET POLICY", 3, "Not Suspicious Traffic"), ("SURICATA", 3, "Generic Protocol Command Decode"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Seen:
    at: float
    name: str
    ip: str
    host: str
    step: str  # of the attack under way; "" outside
    labelled: bool

    @property
    def moment(self) -> str:
        return datetime.fromtimestamp(self.at, UTC).isoformat()

    @property
    def detector(self) -> str:
        return {"Wazuh": "wazuh", "Suricata": "suricata"}.get(self.name.partition(":")[0], "generic")

    @property
    def title(self) -> str:
        return self.name.partition(":")[2].strip().removeprefix("Alert - ")

    def body(self) -> dict[str, object]:
        if self.detector == "wazuh":
            level = next((level for words, level in LEVELS if words in self.name), 5)
            rule = {"level": level, "description": self.title}
            return {"timestamp": self.moment, "rule": rule, "agent": {"name": self.host, "ip": self.ip}}
        if self.detector == "suricata":
            grade, group = next(((grade, group) for words, grade, group in CLASSES if words in self.name), (2, "Misc"))
            alert = {"signature": self.title, "severity": grade, "category": group}
            return {
                "timestamp": self.moment,
                "event_type": "alert",
                "dest_ip": self.ip,
                "host": self.host,
                "alert": alert,
            }
        return {
            "time": self.moment, "title": self.title, "host": self.host, "addresses": [self.ip], "severity": "low",
            "product": "AMiner", "kind": "anomaly",
        }  # fmt: skip


def read(file: Path) -> list[Seen]:
    opener = lzma.open if file.suffix == ".xz" else open
    with opener(file, "rt", encoding="utf-8", newline="") as lines:
        found = [
            Seen(
                float(row["time"]),
                row["name"],
                row["ip"],
                row["host"],
                "" if row["time_label"] == "false_positive" else row["time_label"],
                row["event_label"] != "-",
            )
            for row in csv.DictReader(lines)
        ]
    return sorted(found, key=lambda one: one.at)


def batches(stream: Sequence[Seen]) -> Iterator[tuple[str, list[Seen]]]:
    """As forwarders send: each detector what it has every half minute, so that alerts come late and out of order."""
    for _, part in groupby(stream, key=lambda one: one.at // EVERY):
        by_detector: dict[str, list[Seen]] = defaultdict(list)
        for one in part:
            by_detector[one.detector].append(one)
        for detector, held in sorted(by_detector.items()):
            for start in range(0, len(held), BATCH):
                yield detector, held[start : start + BATCH]


def tokens(desk: Desk) -> dict[str, str]:
    words = [sys.executable, "-m", "hikeshi.cli", "token", "create", "--source"]
    sources = ("wazuh", "suricata", "generic")
    return {one: subprocess.check_output([*words, one], env=desk.environment, text=True).split()[-1] for one in sources}


def send(desk: Desk, stream: Sequence[Seen]) -> float:
    keys, began = tokens(desk), time.monotonic()
    for source, batch in batches(stream):
        request = urllib.request.Request(
            f"http://127.0.0.1:{desk.port}/intake/v1/{source}",
            "\n".join(json.dumps(one.body()) for one in batch).encode(),
            {"Authorization": f"Bearer {keys[source]}", "Content-Type": "application/x-ndjson"},
        )
        for _ in range(200):
            try:
                urllib.request.urlopen(request, timeout=60).close()
            except urllib.error.HTTPError as refused:
                if refused.code not in {429, 503}:
                    raise
                time.sleep(0.2)
            else:
                break
    return time.monotonic() - began


def settle(folder: Path, alerts: int) -> None:
    """Until all is digested and every judgement is taken up."""
    main = sqlite3.connect(f"file:{folder / 'var'}/hikeshi.sqlite3?mode=ro", uri=True)
    quiet = 0
    while quiet < 6:
        time.sleep(0.5)
        digested = main.execute("SELECT coalesce(sum(digested), 0) FROM intake_heard").fetchone()[0]
        loose = main.execute(
            "SELECT count(*) FROM intake_alert WHERE verdict IN ('open', 'attach') AND \"case\" = ''"
        ).fetchone()[0]
        quiet = quiet + 1 if digested >= alerts and not loose else 0
    main.close()


@dataclass(frozen=True, slots=True)
class Row:
    title: str
    host: str
    ip: str
    verdict: str
    case: str
    severity: int
    rule: str
    source: str
    first_seen: str
    count: int


def rows(folder: Path) -> list[Row]:
    with sqlite3.connect(folder / "var" / "hikeshi.sqlite3") as main:
        found = main.execute(
            "SELECT title, normal, verdict, case_ref, severity, rule, source, first_seen, count FROM intake_alert"
            " JOIN intake_normalform ON alert_id = id"
        ).fetchall()
    main.close()
    kept = []
    for title, normal, *said in found:
        device = json.loads(normal).get("device", {})
        ip = device.get("ip", "")
        kept.append(Row(title, device.get("hostname", ""), ip[0] if isinstance(ip, list) else ip, *said))
    return kept


def openings(folder: Path) -> dict[str, tuple[float, str]]:
    """Per incident, when the alert that opened it was first seen, and its rule."""
    with sqlite3.connect(folder / "var" / "hikeshi.sqlite3") as main:
        found = main.execute(
            "SELECT case_ref, rule, first_seen, last_seen FROM intake_alert WHERE verdict = 'open' AND case_ref <> ''"
        ).fetchall()
        until = "SELECT a.case_ref, t.until FROM intake_together t JOIN intake_alert a ON a.id = t.alert_id"
        why = dict(main.execute(until + " WHERE a.verdict = 'open'").fetchall())
    main.close()
    return {case: (_epoch(why.get(case, last)), rule) for case, rule, _first, last in found}


def _epoch(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def tell(name: str, stream: Sequence[Seen], folder: Path) -> list[Row]:
    found = rows(folder)
    cases: dict[tuple[str, str], str] = {}
    for row in found:
        if row.case:
            cases[row.title, row.host] = cases[row.title, row.ip] = row.case
    in_attack = [one for one in stream if one.step]
    spans = {step: (min(at), max(at)) for step, at in _times(in_attack).items()}
    opened = openings(folder)
    inside = {case for case, (at, _) in opened.items() if any(lo - 60 <= at <= hi + 60 for lo, hi in spans.values())}
    steps: dict[str, set[str]] = defaultdict(set)
    seen = {one.step for one in in_attack if one.labelled}
    for one in in_attack:
        case = cases.get((one.title, one.host)) or cases.get((one.title, one.ip))
        if one.labelled and case:
            steps[one.step].add(case)
    attack = {case for step in steps.values() for case in step}
    days = max(1.0, (stream[-1].at - stream[0].at) / 86_400)
    waiting = [row for row in found if row.verdict == "keep" and not row.case]
    gathered = [row for row in found if row.verdict == "gather" and not row.case]
    digests = {(row.source, row.first_seen[:10]) for row in gathered}
    attention = len(waiting) + len(digests) + len(opened)
    false = len(set(opened) - inside - attack)
    outside = len(set(opened) - inside)
    first = min(one.at for one in in_attack)
    soonest = min((at for case, (at, _) in opened.items() if case in inside), default=None)
    print(f"\n{name}: {days:.1f} days")
    print(f"  alerts in                       {len(stream):>8,}")
    print(f"  rows after folding              {len(found):>8,}")
    print(f"  rows on the queue               {len(waiting):>8,}")
    print(f"  rows gathered                   {len(gathered):>8,}   in {len(digests)} digests, one a day and source")
    print(f"  incidents inside the attack     {len(inside):>8,}")
    print(f"  incidents outside               {outside:>8,}   ({false / days:.2f} false a day; goal < 1)")
    print(f"  attention cut                   {100 * (1 - attention / len(stream)):>8.3f} %   (goal 99.9)")
    print(f"  attention cut, incidents alone  {100 * (1 - len(opened) / len(stream)):>8.3f} %")
    print(f"  incidents that hold the attack  {len(attack):>8,}   (goal <= 3)")
    for step, (lo, _hi) in sorted(spans.items(), key=lambda one: one[1]):
        told = ", ".join(sorted(steps[step])) or ("missed" if step in seen else "no detector saw it")
        print(f"    {datetime.fromtimestamp(lo, UTC):%m-%d %H:%M:%S} {step:<22} {told}")
    if soonest is not None:
        print(f"  first attack alert to incident  {soonest - first:>8,.0f} s, of the stream's time")
    print(f"  rules that opened               {dict(Counter(rule for _, rule in opened.values()))}")
    print(f"  verdicts                        {dict(Counter(row.verdict for row in found))}")
    return found


def residue(found: Sequence[Row]) -> None:
    """What waits, by what it says: rows, alerts, severity, and days on which a row of it was new."""
    waiting: dict[tuple[str, str, int, str], list[Row]] = defaultdict(list)
    for row in found:
        if row.verdict in {"keep", "gather"} and not row.case:
            waiting[row.source, row.title, row.severity, row.rule].append(row)
    print("  severity  rows   alerts  days  what waits")
    for (source, title, severity, rule), of_it in sorted(waiting.items(), key=lambda one: (-one[0][2], -len(one[1]))):
        days = len({row.first_seen[:10] for row in of_it})
        alerts = sum(row.count for row in of_it)
        print(f"  {severity:>8}  {len(of_it):>4}  {alerts:>7,}  {days:>4}  {source}: {title} ({rule})")


def _times(stream: Sequence[Seen]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for one in stream:
        found[one.step].append(one.at)
    return found


def run(file: Path, *, waiting: bool) -> None:
    stream = read(file)
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-triage-"))
    desk = Desk(folder)
    try:
        desk.await_ready()
        seconds = send(desk, stream)
        settle(folder, len(stream))
        desk.stop()
        found = tell(file.name.split(".")[0], stream, folder)
        if waiting:
            residue(found)
        print(f"  sent in {seconds:.1f} s, {len(stream) / seconds:,.0f} alerts/s")
    finally:
        desk.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("stream", nargs="+", type=Path)
    given.add_argument("--waiting", action="store_true", help="say also what waits for a person")
    asked = given.parse_args()
    for stream_file in asked.stream:
        run(stream_file, waiting=asked.waiting)
