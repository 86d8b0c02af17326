"""How long an incident report takes: `python bench/reports.py [--entries N] [--times N] [--keep FOLDER]`.

A throw-away site (or HIKESHI_DATABASE_URL, which must be empty) gets one incident with N timeline entries, tasks, facts
and people through the product's own verbs; then its report is asked for from the real server, one after the other, as
PDF and as Word. The limit beside it is what Typst alone takes for the same data in a process that is already warm.
Prints p50, p95 and the ratio to that limit, the size, the memory the typesetter took; exits 1 if PDF p95 is a second or
more.
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
from datetime import timedelta
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


def asked(get: Callable[[], int], times: int) -> tuple[float, float, int]:
    """p50, p95 in seconds, size in bytes."""
    size, took = get(), []
    for _ in range(times):
        begun = time.perf_counter()
        size = get()
        took.append(time.perf_counter() - begun)
    took.sort()
    return statistics.median(took), took[min(len(took) - 1, int(len(took) * 0.95))], size


def bare(ref: str, data: Path, times: int) -> float:
    """Typst alone, warm, on the same data: what no report can be faster than."""
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
    took = []
    for number in range(times):
        # Another line each time, or Typst would find last time's pages in its own cache.
        said = json.dumps({**shape, "running": f"{ref} {number}"}, ensure_ascii=False)
        begun = time.perf_counter()
        typst.compile(str(pdf.TEMPLATE), font_paths=found, sys_inputs={"data": said}, pdf_standards=["a-2a", "ua-1"])
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def aside(name: str, *arguments: object) -> str:
    """One of the two above in a process of its own: it sets up a site, and the server is another."""
    import subprocess

    words = [sys.executable, "-W", "ignore", __file__, "--aside", name, *map(str, arguments)]
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()[-1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=500)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--aside", nargs="*")
    wanted = parser.parse_args()
    if wanted.aside:
        name, *rest = wanted.aside
        print(record(int(rest[0]), Path(rest[1])) if name == "record" else bare(rest[0], Path(rest[1]), int(rest[2])))
        return 0
    from tests import running

    with tempfile.TemporaryDirectory(prefix="hikeshi-bench-") as folder, running.site(Path(folder) / "site") as site:
        token = site.token("--scope", "api", "--user", "admin")
        ref = aside("record", wanted.entries, site.data)
        entries = len(site.get(f"/api/v1/incidents/{ref}/timeline?limit=500", token=token).json()["items"])
        limit = float(aside("bare", ref, site.data, max(3, wanted.times // 4)))
        print(f"{entries} timeline entries shown, {wanted.times} times each; Typst alone, warm: {limit:.2f} s")
        print(f"{'file':12} {'p50 s':>7} {'p95 s':>7} {'ratio':>6} {'kB':>7}")
        slow = 0.0
        for form, language in (("pdf", "ja"), ("pdf", "en"), ("docx", "ja")):
            path = f"/api/v1/incidents/{ref}/report.{form}?lang={language}&reading=ipa"

            def get(path: str = path, name: str = f"report-{language}.{form}") -> int:
                answer = site.get(path, token=token)
                assert answer.status == 200, (answer.status, answer.body[:300])
                if wanted.keep:
                    (wanted.keep / name).write_bytes(answer.body)
                return len(answer.body)

            middle, late, size = asked(get, wanted.times)
            slow = max(slow, late) if form == "pdf" else slow
            ratio = f"{middle / limit:6.2f}" if form == "pdf" else " " * 6
            print(f"{form + ' ' + language:12} {middle:7.2f} {late:7.2f} {ratio} {size / 1000:7.0f}")
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process beneath this one: {most:.0f} MB")
    return 1 if slow >= LIMIT else 0


if __name__ == "__main__":
    sys.exit(main())
