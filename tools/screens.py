"""Every page as a picture: Japanese and English, at 1440 and on a phone of 390, in light, and in dark at 1440; found by
following the links of a demonstration.

    make screens                                    starts a demonstration of its own, then stops it
    python -m tools.screens http://127.0.0.1:8440/  of one that runs already

Writes build/screens/{ja,en}-{1440,390}/*.png and ja-dark/*.png, and an index.html beside them. Exit 1 where a page
answers with an error, a script complains, something sticks out sideways, or axe finds what shuts somebody out.
"""

import contextlib
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
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "build" / "screens"
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
LEFT_ALONE = re.compile(r"^/(api|static|live|intake|sign-out)|\.(pdf|docx|zip|csv|xlsx|json|ics)$|/raw$|/download")
MOST = 400


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikeshi.config.settings")
    os.environ["HIKESHI_DATA"] = str(ROOT / "build" / "var-of-screens")
    django.setup()
    shutil.rmtree(OUT, ignore_errors=True)
    with contextlib.ExitStack() as stack:
        address = sys.argv[1] if len(sys.argv) > 1 else stack.enter_context(_demonstration())
        faults = _look(address.rstrip("/"))
    print("\n".join(faults) or "nothing to complain of")
    print(f"{OUT / 'index.html'}")
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


def _look(address: str) -> list[str]:
    faults: list[str] = []
    shots: dict[str, dict[str, Path]] = {}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        paths: list[str] = []
        for name, (language, form) in FORMS.items():
            context = browser.new_context(
                base_url=address,
                locale=LOCALES[language],
                timezone_id="Asia/Tokyo",
                reduced_motion="reduce",
                **form,  # type: ignore[arg-type]  # a table of sizes and switches
            )
            page = _signed_in(context, language, faults)
            paths = paths or _found(page, address, faults)
            (OUT / name).mkdir(parents=True)
            for path in paths:
                shots.setdefault(path, {})[name] = _shoot(page, path, OUT / name, faults)
            context.close()
        browser.close()
    _index(shots)
    return faults


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
    waiting, seen, found = ["/", "/report/"], {"/", "/report/"}, []
    while waiting and len(found) < MOST:
        path = waiting.pop(0)
        answer = page.goto(path)
        if answer is None or answer.status >= 400:
            faults += [f"{path}: {answer.status}"] if answer is not None and answer.status >= 500 else []
            continue
        found.append(path)
        for link in page.eval_on_selector_all("a[href]", "all => all.map(one => one.getAttribute('href'))"):
            to = urlsplit(urljoin(page.url, link))
            outside = to.netloc != urlsplit(address).netloc or LEFT_ALONE.search(to.path)
            form = "" if outside or to.query else _form(to.path)
            if not form or form in seen:
                continue
            seen.add(form)
            waiting.append(to.path)
    return found


def _form(path: str) -> str:
    """What all pages of one kind have in common: the pattern of their address."""
    with contextlib.suppress(Resolver404):
        return str(resolve(path).route)
    return ""


def _shoot(page: Page, path: str, folder: Path, faults: list[str]) -> Path:
    answer = page.goto(path)
    where = f"{folder.name} {path}"
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


def _index(shots: dict[str, dict[str, Path]]) -> None:
    rows = []
    for path, files in shots.items():
        cells = "".join(
            f'<td><a href="{file.relative_to(OUT)}"><img src="{file.relative_to(OUT)}" loading="lazy"></a></td>'
            for file in files.values()
        )
        rows.append(f"<tr><th>{html.escape(path)}</th>{cells}</tr>")
    style = "img{max-width:340px;max-height:420px}td,th{vertical-align:top;font:14px sans-serif}"
    head = f"<!doctype html><meta charset=utf-8><title>Screens</title><style>{style}</style>"
    (OUT / "index.html").write_text(f"{head}<table>{''.join(rows)}</table>", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
