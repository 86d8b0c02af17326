"""Debian's Prometheus, as its users start it, with this desk named as its Alertmanager."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.postgres import _die_with_parent
from tests.running import Site, eventually, free_port

PROGRAM = shutil.which("prometheus")
pytestmark = pytest.mark.skipif(PROGRAM is None, reason="the prometheus program is not installed (Debian: prometheus)")
RULES = """
groups:
  - name: desk
    rules:
      - alert: {name}
        expr: up == 0
        labels: {{severity: critical, team: "基盤"}}
        annotations: {{summary: "受付の照会先が応答しません"}}
"""
CONFIG = """
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: [{rules}]
scrape_configs:
  - job_name: reception
    static_configs: [{{targets: ["127.0.0.1:{probed}"]}}]
alerting:
  alertmanagers:
    - static_configs: [{{targets: ["127.0.0.1:{desk}"]}}]
      {access}
"""
ACCESS = {
    "ReceptionDownBearer": "authorization: {{credentials: {token}}}",
    "ReceptionDownBasic": "basic_auth: {{username: prometheus, password: {token}}}",
}


class Probed(BaseHTTPRequestHandler):
    """What Prometheus scrapes: it answers, and has nothing to say."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(b"reception_open 1\n")

    def log_message(self, *said: object) -> None:
        """Into no test's output."""


@contextmanager
def answering(port: int) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", port), Probed)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def prometheus(folder: Path, config: str) -> Iterator[None]:
    (folder / "prometheus.yml").write_text(config, encoding="utf-8")
    assert PROGRAM is not None
    words = [
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{free_port()}",
    ]
    with (folder / "prometheus.log").open("ab") as log:
        process = subprocess.Popen(
            [PROGRAM, *words],
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  # one prctl call, safe beside threads
        )
    try:
        yield
    finally:
        process.kill()
        process.wait(60)


@pytest.mark.parametrize("name", ACCESS)
def test_an_alert_of_prometheus_fires_here_and_is_over_when_it_says_so(desk: Site, tmp_path: Path, name: str) -> None:
    api = desk.token("--scope", "api", "--user", "admin")
    probed, rules = free_port(), tmp_path / "rules.yml"
    rules.write_text(RULES.format(name=name), encoding="utf-8")
    access = ACCESS[name].format(token=desk.token("--source", "alertmanager"))
    config = CONFIG.format(rules=rules, probed=probed, desk=desk.port, access=access)

    def row(status: str) -> dict[str, object] | None:
        found = desk.get(f"/api/v1/alerts?source=alertmanager&status={status}&q={name}", token=api).json()["items"]
        return found[0] if found else None

    with prometheus(tmp_path, config):
        firing = eventually(lambda: row("firing"))
        assert (firing["title"], firing["severity"]) == (f"{name}: 受付の照会先が応答しません", 5)
        with answering(probed):
            over = eventually(lambda: row("resolved"))
    assert over["uuid"] == firing["uuid"]
