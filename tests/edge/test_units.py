"""Parts run alone, behind a certificate, behind a proxy."""

import contextlib
import signal
import ssl
import subprocess
from collections.abc import Iterator
from http.client import HTTPException, HTTPSConnection

import pytest

from tests.certificates import certificate
from tests.running import HIKESHI, Site, eventually, prepare


@contextlib.contextmanager
def unit(desk: Site, name: str) -> Iterator[None]:
    process = subprocess.Popen([*HIKESHI, "serve", "--only", name], env=desk.environment)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return prepare(Site(tmp_path_factory.mktemp("units") / "var"))


def answers(desk: Site, path: str) -> int:
    with contextlib.suppress(OSError, HTTPException):
        return desk.get(path).status
    return 0


def test_parts_run_alone_do_one_site_s_work_together(prepared):
    token = prepared.token("--source", "generic")
    web = Site(prepared.data)
    with unit(prepared, "edge"), unit(web, "web"), unit(prepared, "engine"):
        eventually(lambda: answers(prepared, "/readyz") == 200)
        eventually(lambda: answers(web, "/healthz") == 200)
        assert prepared.post("/intake/v1/generic", {"title": "x"}, token=token).status == 202
        eventually(lambda: prepared.metric("hikeshi_alerts_total") == 1)
        assert prepared.get("/").headers["content-type"] == "application/problem+json"
        assert prepared.get("/").status == 404
        assert web.get("/").headers["content-type"].startswith("text/html")
        assert web.post("/intake/v1/generic", {"title": "x"}, token=token).status in {403, 404, 405}
    assert prepared.run("verify", check=False).returncode == 0


def test_nobody_else_on_the_machine_reads_what_is_written_whatever_the_folder_lets_them(prepared):
    with unit(prepared, "web"):
        eventually(lambda: answers(prepared, "/healthz") == 200)
    written = [one for one in prepared.data.rglob("*") if one.is_file()]
    assert {one.name for one in written} >= {"hikeshi.sqlite3", "inbox.sqlite3", "serving.lock"}
    assert not [one for one in written if one.stat().st_mode & 0o077]


def test_with_a_certificate_every_machine_is_served_and_only_over_tls(prepared, tmp_path):
    public, private = certificate(tmp_path, "localhost")
    settings = {"HIKESHI_HOST": "0.0.0.0", "HIKESHI_CERTIFICATE": str(public), "HIKESHI_CERTIFICATE_KEY": str(private)}
    desk = Site(prepared.data, settings=settings)
    with unit(desk, "web"):

        def page() -> int:
            context = ssl.create_default_context(cafile=public)
            connection = HTTPSConnection("localhost", desk.port, timeout=60, context=context)
            with contextlib.closing(connection), contextlib.suppress(ConnectionRefusedError):
                connection.request("GET", "/healthz")
                return connection.getresponse().status
            return 0

        eventually(lambda: page() == 200)
        assert answers(desk, "/healthz") == 0


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"HIKESHI_HOST": "0.0.0.0"}, "HIKESHI_CERTIFICATE"),
        ({"HIKESHI_CERTIFICATE": "/nowhere.pem"}, "HIKESHI_CERTIFICATE_KEY"),
        ({"HIKESHI_CERTIFICATE": "/nowhere.pem", "HIKESHI_CERTIFICATE_KEY": "/nowhere.key"}, "/nowhere.pem"),
        ({"HIKESHI_TRUSTED_PROXY": "proxy.example"}, "HIKESHI_TRUSTED_PROXY"),
        ({"HIKESHI_INTAKE_RATE": "wazuh=often"}, "HIKESHI_INTAKE_RATE"),
    ],
)
def test_settings_that_cannot_work_are_named_and_nothing_is_served(prepared, settings, named):
    refused = Site(prepared.data, settings=settings).run("serve", "--only", "web", check=False)
    assert refused.returncode != 0
    assert named in refused.stderr
