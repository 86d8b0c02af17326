"""Every address of the site, asked by somebody of every kind. A new address needs its line in paths.py.

The tables say what each viewer comes to, in the order of VIEWERS: s sent to sign in, - not allowed, ? not there, + done
or shown (or a gate or somebody else's save in the way), x refused for what was sent: what others own is no choice.
"""

import json
from dataclasses import dataclass, replace

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from hikeshi.accounts import actions, sessions
from tests.architecture import scene as scenes
from tests.architecture.paths import API, OUTSIDE, PAGES, Row
from tests.architecture.scene import DESK, Scene

VIEWERS = ("anonymous", *scenes.VIEWERS)
ROOT = "api/v1/"
READS = frozenset({"GET"})


def routes(within: URLResolver | None = None, prefix: str = "") -> set[str]:
    found = set()
    for pattern in (within or get_resolver()).url_patterns:
        here = prefix + str(pattern.pattern)
        found |= {here} if isinstance(pattern, URLPattern) else routes(pattern, here)
    return found


def operations() -> set[str]:
    description = json.loads(Client().get("/api/v1/openapi.json").content)
    return {
        f"{method.upper()} {path.removeprefix('/' + ROOT)}"
        for path, methods in description["paths"].items()
        for method in methods
    }


def test_every_page_has_its_line() -> None:
    known = {line.partition(" ")[2] for line in PAGES} | OUTSIDE.keys()
    assert {route for route in routes() if not route.startswith(ROOT)} == {r for r in known if not r.startswith(ROOT)}


def test_every_operation_of_the_api_has_its_line() -> None:
    assert operations() == API.keys()
    described = {f"{ROOT}{line.partition(' ')[2]}" for line in API} | OUTSIDE.keys()
    assert {plain(route) for route in routes() if route.startswith(ROOT)} == {
        r for r in described if r.startswith(ROOT)
    }


def plain(route: str) -> str:
    """As the description writes it: ``<uuid:x>`` and ``<x>`` are ``{x}``."""
    return route.replace("<", "{").replace(">", "}")


@dataclass(frozen=True)
class Caller:
    """Somebody at the desk, with a browser or a program."""

    viewer: str
    client: Client
    headers: dict[str, str]


def by_session(scene: Scene, viewer: str) -> Caller:
    """They have no password, so none is asked for again."""
    client = Client(raise_request_exception=False)
    if viewer != "anonymous":
        person = scene.viewers[viewer]
        client.force_login(person)
        browser = client.session
        browser[sessions.ORIGIN] = sessions.begin("192.0.2.1", "Firefox")
        browser.save()
    return Caller(viewer, client, {})


def by_token(scene: Scene, viewer: str) -> Caller:
    client = Client(raise_request_exception=False)
    if viewer == "anonymous":
        return Caller(viewer, client, {})
    secret = actions.create_token(by=DESK, scope="api", person=scene.viewers[viewer].uuid)
    return Caller(viewer, client, {"Authorization": f"Bearer {secret}"})


TABLES = {"pages": (PAGES, by_session), "api": (API, by_token)}


@pytest.mark.parametrize("viewer", VIEWERS)
@pytest.mark.parametrize("table", TABLES)
def test_each_viewer_comes_to_what_the_table_says(table: str, viewer: str) -> None:
    rows, sign = TABLES[table]
    scene = scenes.built()
    caller = sign(scene, viewer)
    found = {line: come_to(line, row, scene, caller) for line, row in rows.items()}
    assert found == {line: row.expected[VIEWERS.index(viewer)] for line, row in rows.items()}


@pytest.mark.parametrize("table", TABLES)
def test_a_restricted_incident_is_nowhere_for_anybody_outside(table: str) -> None:
    """Neither administrator nor auditor sees it without membership (DESIGN §6.13)."""
    rows, sign = TABLES[table]
    scene = scenes.built()
    hidden = replace(scene, incident=scene.hidden)
    lines = [line for line in rows if "{ref}" in line or "<str:ref>" in line]
    assert lines
    for viewer in ("auditor", "member", "administrator"):
        caller = sign(scene, viewer)
        found = {line: come_to(line, rows[line], hidden, caller) for line in lines if "break_glass" not in line}
        assert set(found.values()) == {"?"}, f"{viewer}: {found}"


def come_to(line: str, row: Row, scene: Scene, caller: Caller) -> str:
    method, _, route = line.partition(" ")
    sent = row.body(scene)
    with transaction.atomic():
        if line in API:
            body = sent if isinstance(sent, bytes) else b"" if sent is None else json.dumps(sent).encode()
            path = f"/{ROOT}{row.path(route, scene)}"
            kind = "application/octet-stream" if isinstance(sent, bytes) else "application/json"
            headers = {**caller.headers, "Content-Length": str(len(body))}
            response = caller.client.generic(method, path, body, content_type=kind, headers=headers)
        elif method in READS:
            response = caller.client.get(f"/{row.path(route, scene)}")
        else:
            response = caller.client.post(f"/{row.path(route, scene)}", sent or {})
        transaction.set_rollback(True)
    return outcome(response, f"{caller.viewer}: {line}")


def outcome(response: HttpResponse, what: str) -> str:
    status = response.status_code
    assert status < 500, f"{what}: {status}"
    assert status != 405, f"{what}: the table asks in a way the address does not know"
    if status == 401 or (status == 302 and response.headers["Location"].startswith("/sign-in/?")):
        return "s"
    return {403: "-", 404: "?", 400: "x", 422: "x"}.get(status, "+")
