"""No input, however strange, gets anything but what was promised or a problem that names the fault."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hikeshi.accounts import queries
from hikeshi.accounts.models import Person
from hikeshi.api import description
from tests import world
from tests.api.calling import Caller, body, program

DESCRIBED: dict[str, Any] = json.loads(description.FILE.read_text(encoding="utf-8"))
OPERATIONS = [
    (method.upper(), path, operation)
    for path, operations in DESCRIBED["paths"].items()
    for method, operation in operations.items()
]
STRANGE = [
    "",
    " ",
    "\x00",
    "\ud83d",
    "\u202egpj.exe",
    "\ufeff",
    "火消し" * 4000,
    "' OR 1=1 --",
    "%s%n{0}{{7*7}}",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "-1",
    "1e400",
    "null",
    "\x1b[2J\x07",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59-14:00",
    "2026-02-30T00:00:00Z",
    "🔥" * 300,
]
NUMBERS = [0, -1, 1, 3, 2**31, 2**63, -(2**63) - 1, 10**400, 1.5, -0.0, 1e308]
JSONS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.sampled_from(NUMBERS) | st.sampled_from(STRANGE) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture
def there() -> tuple[Caller, dict[str, list[str]]]:
    """Somebody who may do everything, and what there is for each place in a path."""
    root = world.site()
    admin = program(Person.objects.get(username="admin"))
    record = body(admin.post("incidents", {"title": "x", "kind": "malware", "impact": 1, "urgency": 1}))
    task = body(admin.post(f"incidents/{record['ref']}/tasks", {"title": "x"}))
    link = body(admin.post(f"incidents/{record['ref']}/links", {"url": "https://example.jp"}))
    team = body(admin.post("teams", {"name": "x", "organisation": str(root.uuid)}))
    person = world.person("hana", "responder")
    return admin, {
        "{ref}": [record["ref"]],
        "{uuid}": [str(person.uuid), str(root.uuid), team["uuid"]],
        "{task}": [task["uuid"]],
        "{link}": [link["uuid"]],
        "{phase}": ["detect", "report"],
        "{gate}": ["evidence_taken"],
        "{key}": ["who"],
        "{kind}": ["occurred"],
        "{role}": ["responder"],
        "{organisation}": [str(root.uuid)],
        "{code}": ["auditor", "night"],
        "{participant}": [task["uuid"]],
    }


def _schema(operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rsplit("/", 1)[-1]
    found: dict[str, Any] = DESCRIBED["components"]["schemas"].get(name, {})
    return found


def _fitting(name: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values the desk would take, so that the strange ones reach the verbs and not only the schemas."""
    known = {
        "kind": ["malware", "request", "nothing"],
        "class": ["event", "incident", "accident"],
        "phase": ["analyse", "report", "learn", "detect"],
        "owner": ["me", "admin", None],
        "verbs": [["incidents.view"], []],
        "scope": ["api", "intake"],
        "organisation": [str(queries.root().uuid)],
        "parent": [str(queries.root().uuid)],
        "url": ["https://example.jp", "javascript:alert(1)"],
        "grid": [[[1, 2, 3], [2, 3, 4], [3, 4, 5]]],
        "at": ["2026-11-21T10:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"],
        "version": [1, 0, 2_000_000_000],
    }
    if name in known:
        return st.sampled_from(known[name])
    kinds = {one.get("type") for one in [schema, *schema.get("anyOf", [])]}
    if "integer" in kinds:
        return st.sampled_from([1, 2, 3])
    return st.booleans() if "boolean" in kinds else st.sampled_from(["x", "理由", "x" * 300])


def _body(draw: Callable[[st.SearchStrategy[Any]], Any], operation: dict[str, Any]) -> bytes | None:
    properties = _schema(operation).get("properties")
    if properties is None or draw(st.integers(0, 9)) == 0:
        return json.dumps(draw(JSONS)).encode()
    sent = {}
    for name, schema in properties.items():
        choice = draw(st.integers(0, 9))
        if choice < 6 or (choice < 8 and name in _schema(operation).get("required", [])):
            sent[name] = draw(_fitting(name, schema))
        elif choice == 8:
            sent[name] = draw(JSONS)
    return json.dumps(sent).encode()


def _query(draw: Callable[[st.SearchStrategy[Any]], Any], operation: dict[str, Any]) -> str:
    names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    wanted = draw(st.lists(st.sampled_from(names), max_size=2)) if names else []
    values = [draw(st.sampled_from(STRANGE[:-1]) | st.sampled_from(["1", "me", "open"])) for _ in wanted]
    return urlencode(list(zip(wanted, values, strict=True)), errors="replace")


@settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_nothing_sent_is_answered_with_anything_but_an_answer_or_a_problem(
    there: tuple[Caller, dict[str, list[str]]], data: st.DataObject
) -> None:
    caller, places = there
    method, path, operation = data.draw(st.sampled_from(OPERATIONS))
    for name, known in places.items():
        if name in path:
            strange = data.draw(st.integers(0, 9)) == 0
            step = data.draw(st.sampled_from(STRANGE if strange else known))
            path = path.replace(name, quote(step, safe="", errors="replace") or "x")
    query = _query(data.draw, operation)
    sent = _body(data.draw, operation) if method != "GET" else b""
    headers = data.draw(st.sampled_from([{}, {"If-Match": '"1"'}, {"Idempotency-Key": "k"}, {"If-Match": "\x7f,"}]))

    undone = transaction.atomic()
    undone.__enter__()
    try:
        response = caller.ask(method, f"{path}?{query}" if query else path, raw=sent, **headers)
        answered = b"".join(response)
    finally:
        transaction.set_rollback(True)
        undone.__exit__(None, None, None)

    shown = (method, path, query, sent, answered[:300])
    assert response.status_code < 500, shown
    if response.status_code >= 400:
        assert response["Content-Type"] == "application/problem+json", shown
        assert body(response)["code"], shown
    assert str(response.status_code) in operation["responses"], shown
