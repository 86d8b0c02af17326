"""How long an incident report takes: `python bench/reports.py [--entries N] [--times N] [--keep FOLDER]`.

A throw-away site (or HIKESHI_DATABASE_URL, which must be empty) gets one incident with N timeline entries, tasks, facts
and people through the product's own verbs; then its report is asked for from the real server, one after the other, as
PDF and as Word. The limit beside it is what Typst alone takes for the same data in a process that is already warm.
Prints p50, p95 and the ratio to that limit, the processor time of one (of the site's processes and what they started:
what a busy machine hides), the size, the memory the typesetter took; exits 1 if PDF p95 is a second or more.
"""

import argparse
import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

LIMIT = 1.0  # s, p95 of the PDF
ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
SENTENCE = (
    "共有サーバ SV-FILE01 のログを確認し、10:12 に隔離しました。Event ID 4625 が続いています。\n次は営業部の端末です。"
)


def record(entries: int, data: Path) -> str:
    """A night as it is; returns the reference. Runs in a process of its own, beside no server."""
    os.environ.update(HIKESHI_DATA=str(data), DJANGO_SETTINGS_MODULE="hikeshi.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from hikeshi.incidents import actions
    from hikeshi.incidents.codes import Certainty, MomentKind, RecordClass
    from hikeshi.kernel import clock
    from tests import world

    for alias in settings.DATABASES:
        call_command("migrate", database=alias, verbosity=0)
    by = world.actor("admin")
    made = actions.open_incident(
        by=by,
        title="営業部のPC 3台と共有サーバのファイルが暗号化された",
        kind="ransomware",
        impact=1,
        effect=1,
        urgency=1,
        description=SENTENCE * 3,
        record_class=RecordClass.ACCIDENT,
    )
    for key in ("what", "where", "how", "damage", "systems", "cause"):
        actions.set_fact(by=by, ref=made.ref, key=key, value=SENTENCE, certainty=Certainty.ESTIMATED)
    actions.set_fact(by=by, ref=made.ref, key="who", value="", certainty=Certainty.UNKNOWN)
    earlier = clock.now() - timedelta(hours=3)
    actions.set_moment(by=by, ref=made.ref, kind=MomentKind.OCCURRED, at=earlier, estimated=True)
    for number in range(30):
        phase = "learn" if number > 25 else "contain"
        actions.add_task(by=by, ref=made.ref, title=f"端末 PC-{number:03} を隔離する", phase=phase)
    for _ in range(max(0, entries - 40)):
        actions.note(by=by, ref=made.ref, text=SENTENCE)
    return made.ref


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds; ``busy`` is the processor's, for one."""

    middle: float
    late: float
    busy: float
    size: int


def asked(get: Callable[[], int], times: int, busy: Callable[[], float]) -> Took:
    size, took, began = get(), [], busy()
    for _ in range(times):
        begun = time.perf_counter()
        size = get()
        took.append(time.perf_counter() - begun)
    spent = (busy() - began) / times
    took.sort()
    return Took(statistics.median(took), took[min(len(took) - 1, int(len(took) * 0.95))], spent, size)


def spent_by(root: int) -> float:
    """Processor time of a process, of all beneath it, and of those that have ended there."""
    found: dict[int, tuple[int, float]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        found[int(folder.name)] = (int(fields[1]), sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK"))
    beneath = {root}
    while more := {pid for pid, (above, _) in found.items() if above in beneath} - beneath:
        beneath |= more
    return sum(found[pid][1] for pid in beneath if pid in found)


def bare(ref: str, data: Path, times: int) -> tuple[float, float]:
    """Typst alone, warm, on the same data, on the wall and of the processor: what no report can be faster than."""
    os.environ.update(HIKESHI_DATA=str(data), DJANGO_SETTINGS_MODULE="hikeshi.config.settings")
    import django

    django.setup()
    import typst
    from django.utils import translation

    from hikeshi.documents import fonts, pdf
    from hikeshi.reports import making
    from hikeshi.reports.codes import ReportLanguage
    from hikeshi.reports.material import gather
    from tests import world

    with translation.override("ja"):
        material = gather(world.actor("admin"), ref, reading="ipa", issued=False)
        shape = pdf._shape(making.write(material, ReportLanguage.JA))
    found = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts.folder())])
    took, busy = [], []
    for number in range(times):
        # Another line each time, or Typst would find last time's pages in its own cache.
        said = {"data": json.dumps({**shape, "running": f"{ref} {number}"}, ensure_ascii=False), "further": "[]"}
        begun, began = time.perf_counter(), time.process_time()
        typst.compile(str(pdf.TEMPLATE), font_paths=found, sys_inputs=said, pdf_standards=["a-2a", "ua-1"])
        took.append(time.perf_counter() - begun)
        busy.append(time.process_time() - began)
    return statistics.median(took), statistics.median(busy)


def aside(name: str, *arguments: object) -> list[str]:
    """One of the two above in a process of its own: it sets up a site, and the server is another."""
    import subprocess

    words = [sys.executable, "-W", "ignore", __file__, "--aside", name, *map(str, arguments)]
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.split()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=500)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--aside", nargs="*")
    wanted = parser.parse_args()
    if wanted.aside:
        name, *rest = wanted.aside
        data = Path(rest[1])
        print(record(int(rest[0]), data) if name == "record" else "{} {}".format(*bare(rest[0], data, int(rest[2]))))
        return 0
    from tests import running

    with tempfile.TemporaryDirectory(prefix="hikeshi-bench-") as folder, running.site(Path(folder) / "site") as site:
        token = site.token("--scope", "api", "--user", "admin")
        ref = aside("record", wanted.entries, site.data)[-1]
        entries = len(site.get(f"/api/v1/incidents/{ref}/timeline?limit=500", token=token).json()["items"])
        limit, least = map(float, aside("bare", ref, site.data, max(3, wanted.times // 4))[-2:])
        print(f"{entries} timeline entries shown, {wanted.times} times each; load {os.getloadavg()[0]:.1f}")
        print(f"Typst alone, warm: {limit:.2f} s on the wall, {least:.2f} s of the processor")
        print(f"{'file':12} {'p50 s':>7} {'p95 s':>7} {'ratio':>6} {'CPU s':>7} {'ratio':>6} {'kB':>7}")
        slow = 0.0
        for form, language in (("pdf", "ja"), ("pdf", "en"), ("docx", "ja")):
            path = f"/api/v1/incidents/{ref}/report.{form}?lang={language}&reading=ipa"

            def get(path: str = path, name: str = f"report-{language}.{form}") -> int:
                answer = site.get(path, token=token)
                assert answer.status == 200, (answer.status, answer.body[:300])
                if wanted.keep:
                    (wanted.keep / name).write_bytes(answer.body)
                return len(answer.body)

            assert site.process is not None
            one = asked(get, wanted.times, partial(spent_by, site.process.pid))
            slow = max(slow, one.late) if form == "pdf" else slow
            ratios = [f"{one.middle / limit:6.2f}", f"{one.busy / least:6.2f}"] if form == "pdf" else [" " * 6] * 2
            print(
                f"{form + ' ' + language:12} {one.middle:7.2f} {one.late:7.2f} {ratios[0]} {one.busy:7.2f} {ratios[1]} "
                f"{one.size / 1000:7.0f}"
            )
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process beneath this one: {most:.0f} MB")
    return 1 if slow >= LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
