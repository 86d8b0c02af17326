"""What the search costs: `python bench/search.py [--records 100000] [--times 40] [--keep FOLDER]`.

A throw-away site in a temporary folder, or one that stays and is measured again without building it anew: records with
titles and descriptions made of a few hundred words, ja and en, one in fifty restricted; the index built by the engine's
own steps. Prints how fast it was built and how large it is, then p50, p95 and the processor's time of the glance (what
somebody who types gets) and of a page of 50, with one and three words, common and rare, and the number of queries.
`HIKESHI_DATABASE_URL` takes PostgreSQL. Exits 1 above the limit.
"""

import argparse
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

sys.path[:0] = [str(place) for place in (Path(__file__).parents[1], Path(__file__).parents[1] / "src")]

from bench.throwaway import prepare

LIMITS = {100_000: 100.0, 1_000_000: 200.0}  # ms, p95 of the glance, with so many records
JA = (
    "顧客 情報 漏えい 営業 共有 サーバー 暗号化 端末 感染 検知 隔離 復旧 経理 メール 添付 不正 通信 認証 "
    "失敗 停止 障害 回線 設定 誤り 紛失 調査 報告 部長 委託先 業者"
)
EN = (
    "login failed server files encrypted phishing mail account reset firewall rule malware "
    "detected host isolated backup restored vendor outage database latency customer data leaked token revoked"
)
QUESTIONS = {
    "one common word": "サーバー",
    "one rare word": "珍事",
    "three common words": "サーバー 暗号化 検知",
    "three words, one rare": "サーバー 珍事 server",
    "a beginning": "encr",
    "words and operators": "漏洩 is:open owner:none",
}


def fill(records: int) -> None:
    from hikeshi.incidents.models import Incident
    from hikeshi.kernel.clock import now
    from tests import world

    rng, root = random.Random(20261122), world.site()
    ja, en = JA.split(), EN.split()

    def said(number: int, length: int) -> str:
        words = [*rng.sample(ja, length // 2), *rng.sample(en, length // 2), f"SV-{number % 5000:04}"]
        return ("の" if number % 2 else " ").join(words) + (" 珍事" if number % 2000 == 0 else "")

    rows = (
        Incident(
            ref=f"INC-2025-{number:07}",
            title=said(number, 6)[:80],
            description="。".join(said(number + line, 16) for line in range(3)),
            kind="malware",
            course="security",
            impact=2,
            effect=2,
            urgency=2,
            urgency_asked=2,
            priority=3,
            phase="analyse",
            organisation=root,
            restricted=number % 50 == 0,
            opened_by="system:bench",
            opened_at=now() - timedelta(minutes=number),
        )
        for number in range(records)
    )
    while batch := [row for _, row in zip(range(1000), rows, strict=False)]:
        Incident.objects.bulk_create(batch, batch_size=500)


def build(records: int) -> None:
    from django.db import connection

    from hikeshi.search.models import Document
    from tests import finding

    begun = time.perf_counter()
    finding.read_in()
    took = time.perf_counter() - begun
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_total_relation_size('search_words') + pg_total_relation_size('search_document')")
        else:
            cursor.execute("SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'search_%'")
        size = cursor.fetchone()[0] or 0
    speed = f"{records / took:.0f}/s, index {size / 1e6:.0f} MB"
    print(f"{connection.vendor}: {Document.objects.count()} documents in {took:.0f} s, {speed}", flush=True)


def measure(times: int) -> float:
    """The worst p95, of a glance as of a page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from hikeshi.finding import queries
    from tests import world

    mori, worst = world.actor("mori", "commander"), 0.0
    for name, q in QUESTIONS.items():

        def glance(q: str = q) -> object:
            return queries.glance(mori, q)

        def page(q: str = q) -> object:
            return queries.find(mori, q, types=["incident"])

        said = []
        for what in (glance, page):
            p50, p95, busy = timed(what, times)
            worst = max(worst, p95)
            said.append(f"p50 {p50:6.1f}  p95 {p95:6.1f}  CPU {busy:6.1f} ms")
        with CaptureQueriesContext(connection) as counted:
            total = sum(one.total for one in queries.glance(mori, q))
        print(f"{name:24} {total:6} found  glance {said[0]}  page of 50 {said[1]}  queries {len(counted)}", flush=True)
    return worst


def timed(what: Callable[[], object], times: int) -> tuple[float, float, float]:
    """p50, p95 on the wall and the middle of the processor's time (of PostgreSQL's own process nothing), in ms."""
    what()
    spent, busy = [], []
    for _ in range(times):
        begun, began = time.perf_counter(), time.process_time()
        what()
        spent.append((time.perf_counter() - begun) * 1000)
        busy.append((time.process_time() - began) * 1000)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1], statistics.median(busy)


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--records", type=int, default=100_000)
    asked.add_argument("--times", type=int, default=40)
    asked.add_argument("--keep", type=Path, metavar="FOLDER")
    options = asked.parse_args()
    prepare(options.keep)
    from hikeshi.incidents.models import Incident
    from hikeshi.search.models import Document

    if not Incident.objects.exists():
        fill(options.records)
    records = Incident.objects.count()
    if Document.objects.count() < records:
        build(records)
    limit = next((ms for most, ms in LIMITS.items() if records <= most), max(LIMITS.values()))
    worst = measure(options.times)
    print(f"{records:,} records, worst p95 {worst:.1f} ms, limit {limit:.0f} ms, load {os.getloadavg()[0]:.1f}")
    return 1 if worst > limit else 0


if __name__ == "__main__":
    sys.exit(main())
