"""Mailboxes by API: what the page does, and no password ever comes back."""

import pytest

from hikeshi.mailboxes.models import Mailbox
from tests import world
from tests.api.calling import body, problem, program

pytestmark = pytest.mark.enable_socket
NEW = {
    "name": "Reports",
    "address": "desk@example.jp",
    "carries": "reports",
    "imap_host": "127.0.0.1",
    "imap_port": "9",
    "imap_security": "none",
    "imap_username": "desk",
    "imap_password": "a-secret-word",
}


def test_a_mailbox_is_connected_changed_looked_at_tested_and_forgotten_by_a_program() -> None:
    keeper = program(world.person("keeper", "administrator"))
    made = keeper.post("mailboxes", NEW)
    assert made.status_code == 201, made.content
    kept = body(made)
    assert (kept["address"], kept["imap_host"], kept["has_password"]) == ("desk@example.jp", "127.0.0.1", True)
    here = f"mailboxes/{kept['uuid']}"
    assert made["Location"] == f"/api/v1/{here}"
    listed = keeper.get("mailboxes")
    assert body(listed)["items"] == [body(keeper.get(here))] == [kept]
    assert b"a-secret-word" not in listed.content + made.content
    problem(keeper.post("mailboxes", NEW), 422, "invalid")
    problem(keeper.post("mailboxes", {**NEW, "address": "nobody"}), 422, "invalid")
    problem(keeper.post(f"{here}/look"), 422, "invalid")

    sealed = Mailbox.objects.get().sealed
    change = {**NEW, "name": "Desk", "imap_password": "", "on": True, "version": kept["version"]}
    changed = body(keeper.put(here, change))
    assert (changed["name"], changed["on"], changed["has_password"]) == ("Desk", True, True)
    assert Mailbox.objects.get().sealed == sealed, "a password that was not typed stays"
    problem(keeper.put(here, {**change, "name": "Mine"}), 409, "conflict")
    assert keeper.post(f"{here}/look").status_code == 200
    assert Mailbox.objects.get().look_at is not None

    tried = body(keeper.post(f"{here}/test"))
    assert (tried["works"], tried["trouble"]) == (False, "unreachable")
    assert [one["step"] for one in tried["steps"] if one["state"] == "failed"] == ["reach"]

    change |= {"imap_auth": "microsoft", "imap_security": "tls", "oauth_tenant": "a.example", "oauth_client_id": "c"}
    change["version"] = body(keeper.get(here))["version"]
    problem(keeper.put(here, change), 422, "invalid")
    told = keeper.put(here, {**change, "oauth_client_secret": "a-client-secret"})
    assert (body(told)["imap_auth"], body(told)["oauth_tenant"]) == ("microsoft", "a.example")
    assert b"a-client-secret" not in told.content
    problem(keeper.put(here, {**change, "version": None, "imap_auth": "basic"}), 422, "invalid")

    for step in (lambda one: one.get("mailboxes"), lambda one: one.post(f"{here}/test"), lambda one: one.delete(here)):
        problem(step(program(world.person(f"mori{id(step)}", "commander"))), 403, "not_allowed")
    assert keeper.delete(here).status_code == 204
    problem(keeper.get(here), 404, "not_found")
