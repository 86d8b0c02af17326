"""Every page as a picture: Japanese and English, at 1440 and on a phone of 390, in light, and in dark at 1440; found by
following the links of a demonstration.

    make screens                                    starts a demonstration of its own, then stops it
    python -m tools.screens http://127.0.0.1:8440/  of one that runs already
    python -m tools.screens --only '^/load/'        only pages whose address the pattern meets, into build/screens-some

Writes build/screens/{ja,en}-{1440,390}/*.png and ja-dark/*.png, and an index.html beside them. Exit 1 where a page
answers with an error, a script complains, something sticks out sideways, axe finds what shuts somebody out, or a page
of the table in tests/architecture/paths.py was not come to and UNSHOWN does not say why.
"""

import argparse
import contextlib
import functools
import html
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import django
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
ALL, SOME = ROOT / "build" / "screens", ROOT / "build" / "screens-some"
AXE = ROOT / "assets" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WHO, PASSWORD = "admin", "hikeshi-demo"  # of a demonstration
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
FORMS = {  # folder: language, what the browser is like
    "ja-1440": ("ja", DESK),
    "ja-390": ("ja", PHONE),
    "en-1440": ("en", DESK),
    "en-390": ("en", PHONE),
    "ja-dark": ("ja", {**DESK, "color_scheme": "dark"}),
}
LOCALES = {"ja": "ja-JP", "en": "en-GB"}
READY_WITHIN = 240
LOADED_WITHIN = 60_000  # ms
LEFT_ALONE = re.compile(
    r"^/(api|static|live|intake|sign-out)|\.(pdf|docx|zip|csv|xlsx|json|ics|png|svg|eml)$|/raw$|/download"
)
STARTS = ("/", "/report/", "/account/chat", "/account/second-factor/passkey", "/away", "/settings/matrix/compare")
STARTS += ("/settings/criteria/impact/compare", "/settings/sources/wazuh/compare")
BESIDE = {r"^/incidents/[A-Z]+-\d+-\d+/$": ("timeline", "note")}
"""What a page is followed by though no link leads there: what its scripts load, what its forms fall back to."""
UNSHOWN = {
    "assets/import/<uuid": "asks for a file first: tests/web/test_asset_pages.py",
    "contacts/staff/<uuid": "asks for a file first: tests/web/test_staff.py",
    "settings/people/import/<uuid": "asks for a file first",
    "settings/matrix/rejudge": "only while the table has moved records",
    "settings/matrix/look": "follows what was typed",
    "account/recovery-codes": "only with a second factor",
    "oncall/<uuid:rota>/swap": "only for whoever is on that rota",
    "rules/<str:code>/on": "only for a rule that is off",
    "rules/<str:code>/compare": "only once a rule has two versions",
    "load/hand-over": "asks which records",
    "settings/chat/<uuid:workspace>/": "only once a chat tool is connected",
    "settings/load/rules/<slug:code>": "only once there is a rule",
    "report/sent": "follows a report",
    "board/move": "what moving a card falls back to: tests/web/test_board.py",
    "incidents/alike": "what the form of a new incident loads while somebody types",
    "incidents/changes/<uuid": "follows a change of several records",
    "settings/mailboxes/<uuid": "only once a mailbox is connected",
    "settings/answers/<uuid:answer>/compare": "only once an answer has two versions",
    "settings/forms/<uuid:form>/compare": "only once a form has two versions",
    "incidents/filters/new": "follows a list that was narrowed: tests/web/test_filters.py",
}
"""Pages a demonstration does not come to, by how their address begins."""
FILES = re.compile(r"<slug:form>|^(manifest|desk-worker|topics)|/files/<uuid")
MOST = 400


def set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikeshi.config.settings")
    os.environ["HIKESHI_DATA"] = str(ROOT / "build" / "var-of-screens")
    django.setup()


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tools.screens")
    asked.add_argument("address", nargs="?", help="of a demonstration that runs already")
    asked.add_argument("--only", type=re.compile, metavar="PATTERN", help="pages whose address it meets")
    given = asked.parse_args()
    set_up()
    out = SOME if given.only else ALL
    shutil.rmtree(out, ignore_errors=True)
    with contextlib.ExitStack() as stack:
        address = given.address or stack.enter_context(_demonstration())
        faults = _look(address.rstrip("/"), out, given.only)
    print("\n".join(faults) or "nothing to complain of")
    print(f"{out / 'index.html'}")
    return 1 if faults else 0


@contextlib.contextmanager
def _demonstration() -> Iterator[str]:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    folder = ROOT / "build" / "var-screens"
    environment = {**os.environ, "HIKESHI_PORT": str(port)}
    command = [sys.executable, "-m", "hikeshi.cli", "demo", "--data", str(folder)]
    with subprocess.Popen(command, env=environment) as server:
        try:
            _await(f"http://127.0.0.1:{port}/readyz", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _await(address: str, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end and server.poll() is None:
        with contextlib.suppress(urllib.error.URLError, OSError):
            if urllib.request.urlopen(address, timeout=5).status == 200:
                return
        time.sleep(0.5)
    raise SystemExit("the demonstration did not become ready")


def _look(address: str, out: Path, only: re.Pattern[str] | None) -> list[str]:
    faults: list[str] = []
    shots: dict[str, dict[str, Path]] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        paths: list[str] = []
        for name, (language, device) in FORMS.items():
            context = browser.new_context(
                base_url=address,
                locale=LOCALES[language],
                timezone_id="Asia/Tokyo",
                reduced_motion="reduce",
                **device,  # type: ignore[arg-type]  # a table of sizes and switches
            )
            page = _signed_in(context, language, faults)
            if not paths:
                paths = wanted(_found(page, address, faults), only, faults)
            (out / name).mkdir(parents=True)
            for path in paths:
                if file := _shoot(page, path, out / name, faults):
                    shots.setdefault(path, {})[name] = file
            context.close()
        browser.close()
    _index(shots, out)
    return faults


def wanted(found: list[str], only: re.Pattern[str] | None, faults: list[str]) -> list[str]:
    """Which of the found to take; what lacks goes to the faults: all that no picture shows, a pattern nothing meets."""
    if only is None:
        faults += [f"no picture of {route}" for route in missing({form(path) for path in found})]
        return found
    some = [path for path in found if only.search(path)]
    faults += [] if some else [f"no page's address meets {only.pattern}"]
    return some


def _signed_in(context: BrowserContext, language: str, faults: list[str]) -> Page:
    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            faults.append(f"{message.page.url if message.page else ''}: {message.text}")

    context.on("console", heard)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("form:has([autocomplete=current-password]) [name=login]", WHO)
    page.fill("[name=password][type=password]", PASSWORD)
    page.locator("form:has([type=password]) button.main").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"#menu [name=language][value={language}]").evaluate("one => one.click()")
        page.wait_for_function("code => document.documentElement.lang === code", arg=language)
    return page


def _found(page: Page, address: str, faults: list[str]) -> list[str]:
    """One address of each form, breadth first: all incidents look alike, so the first of them stands for them."""
    waiting, seen, found = list(STARTS), {form(start) for start in STARTS}, []
    while waiting and len(found) < MOST:
        path = waiting.pop(0)
        try:
            answer = page.goto(path)
        except Error as trouble:  # a file to save is no page, and one page that breaks must not hide the others
            faults += [f"{path}: {trouble.message}"] if "Download is starting" not in trouble.message else []
            continue
        if answer is None or answer.status >= 400:
            faults += [f"{path}: {answer.status}"] if answer is not None and answer.status >= 500 else []
            continue
        found.append(path)
        waiting += [path + one for like, more in BESIDE.items() if re.search(like, path) for one in more]
        for link in page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))"):
            to = urlsplit(urljoin(page.url, link))
            outside = to.netloc != urlsplit(address).netloc or LEFT_ALONE.search(to.path)
            kind = "" if outside else form(to.path)
            if not kind or kind in seen:
                continue
            seen.add(kind)
            waiting.append(to.path)
    return found


def missing(shown: set[str]) -> list[str]:
    """Pages anybody can ask for of which there is no picture."""
    from tests.architecture.paths import PAGES  # noqa: PLC0415  # it names models, so Django is set up first

    asked = {line.partition(" ")[2] for line in PAGES if line.startswith("GET ")}
    pages = {route for route in asked if not LEFT_ALONE.search(f"/{route}") and not FILES.search(route)}
    named = {route for route in pages if "<slug:name>" in route}  # each of them is a page of its own
    return sorted(one for one in pages - named - shown if not one.startswith(tuple(UNSHOWN)))


@functools.lru_cache(maxsize=10_000)
def form(path: str) -> str:
    """What all pages of one kind have in common: the pattern of their address, and which act of a room it is."""
    with contextlib.suppress(Resolver404):
        to = resolve(path)
        return str(to.route).replace("<slug:name>", str(to.kwargs.get("name", "")))
    return ""


def _shoot(page: Page, path: str, folder: Path, faults: list[str]) -> Path | None:
    """None where the page did not come in time: one that hangs must not hide the others."""
    where = f"{folder.name} {path}"
    try:
        return _taken(page, path, where, folder, faults)
    except Error as trouble:
        faults.append(f"{where}: {trouble.message.splitlines()[0]}")
        return None


def _taken(page: Page, path: str, where: str, folder: Path, faults: list[str]) -> Path:
    answer = page.goto(path, timeout=LOADED_WITHIN)
    if answer is not None and answer.status >= 400:
        faults.append(f"{where}: {answer.status}")
    out = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if out > 0:
        faults.append(f"{where}: sticks out by {out} px")
    faults += [f"{where}: {one}" for one in _barriers(page)]
    file = folder / f"{re.sub(r'[^A-Za-z0-9]+', '-', path).strip('-') or 'home'}.png"
    page.screenshot(path=file, full_page=True)
    return file


def _barriers(page: Page) -> list[str]:
    if not AXE.exists():
        return []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async () => (await axe.run({resultTypes: ["violations"]})).violations
             .filter(one => ["serious", "critical"].includes(one.impact))
             .map(one => one.id + ": " + one.nodes.slice(0, 2).map(node => node.target.join(" ")).join(", "))"""
    )
    return [str(one) for one in found]


def _index(shots: dict[str, dict[str, Path]], out: Path) -> None:
    rows = []
    for path, files in shots.items():
        cells = "".join(
            f'<td><a href="{file.relative_to(out)}"><img src="{file.relative_to(out)}" loading="lazy"></a></td>'
            for file in files.values()
        )
        rows.append(f"<tr><th>{html.escape(path)}</th>{cells}</tr>")
    style = "img{max-width:340px;max-height:420px}td,th{vertical-align:top;font:14px sans-serif}"
    head = f"<!doctype html><meta charset=utf-8><title>Screens</title><style>{style}</style>"
    (out / "index.html").write_text(f"{head}<table>{''.join(rows)}</table>", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
