"""Health, readiness and numbers: what operators and their monitors are told, and who may ask."""

import os
import signal

import psutil

from tests.running import Site, eventually, site


def test_health_and_readiness_say_so_when_all_is_well(desk):
    assert desk.get("/healthz").json() == {"status": "ok"}
    ready = desk.get("/readyz")
    assert ready.status == 200
    assert set(ready.json()["checks"].values()) == {"ok"}
    for theirs, ours in (("/-/healthy", "/healthz"), ("/-/ready", "/readyz")):
        assert desk.get(theirs).json() == desk.get(ours).json(), "as probes of an Alertmanager ask"


def test_numbers_are_read_from_this_machine_but_not_through_an_undeclared_proxy(desk):
    assert b"hikeshi_alerts_total" in desk.get("/metrics").body
    for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
        assert desk.request("GET", "/metrics", headers={header: "127.0.0.1"}).status == 401


def test_numbers_are_read_from_elsewhere_with_the_token_only(tmp_path):
    with site(tmp_path, HIKESHI_METRICS_TOKEN="let-me-count", HIKESHI_TRUSTED_PROXY="127.0.0.1") as desk:
        away = {"X-Forwarded-For": "203.0.113.5"}
        assert desk.request("GET", "/metrics", headers=away).status == 401
        assert desk.request("GET", "/metrics", headers=away, token="wrong").status == 401
        assert desk.request("GET", "/metrics", headers=away, token="let-me-count").status == 200


def test_pages_are_djangos_and_slow_readers_of_them_are_bounded(desk):
    assert desk.get("/no/such/page").status == 404
    assert desk.get("/no/such/page").headers["content-type"].startswith("text/html")


def units(desk: Site) -> dict[str, psutil.Process]:
    assert desk.process is not None
    children = psutil.Process(desk.process.pid).children()
    alive = {child: child.cmdline() for child in children if child.status() != psutil.STATUS_ZOMBIE}
    return {words[-2]: child for child, words in alive.items() if "hikeshi.cli.units" in words}


def test_the_engine_stands_back_for_those_who_wait(desk):
    running = units(desk)
    assert running["engine"].nice() > running["site"].nice()


def test_a_part_that_dies_is_started_again_and_the_desk_goes_on(desk):
    for unit in ("engine", "site"):
        before = units(desk)[unit]
        os.kill(before.pid, signal.SIGKILL)
        eventually(lambda unit=unit, before=before: units(desk).get(unit, before).pid != before.pid)
        eventually(lambda: reachable(desk))


def reachable(desk: Site) -> bool:
    try:
        return desk.get("/readyz").status == 200
    except OSError:
        return False


def test_the_desk_stops_cleanly_and_leaves_nobody_behind(tmp_path):
    with site(tmp_path) as desk:
        processes = list(units(desk).values())
        assert desk.stop() == 0
        assert not [process for process in processes if process.is_running()]


def test_nobody_is_left_behind_when_the_supervisor_is_killed(tmp_path):
    with site(tmp_path) as desk:
        processes = list(units(desk).values())
        desk.stop(signal.SIGKILL)
        _, alive = psutil.wait_procs(processes, timeout=60)
        assert not alive


def test_the_whole_desk_is_small_when_idle(desk):
    assert desk.process is not None
    tree = [psutil.Process(desk.process.pid), *units(desk).values()]
    assert sum(process.memory_info().rss for process in tree) < 300 * 1024 * 1024


def test_other_machines_are_not_listened_to_without_a_certificate_or_proxy(tmp_path):
    desk = Site(tmp_path / "var", settings={"HIKESHI_HOST": "0.0.0.0"})
    refused = desk.run("serve", check=False)
    assert refused.returncode == 1
    assert "HIKESHI_CERTIFICATE" in refused.stderr
    assert not (tmp_path / "var" / "hikeshi.sqlite3").exists()
