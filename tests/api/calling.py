"""Callers of the API, as programs (a token) and as browsers (a session)."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from hikeshi.accounts import actions, queries
from hikeshi.accounts.models import Person

ROOT = "/api/v1"


@dataclass
class Caller:
    client: Client
    headers: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: object = None, *, raw: bytes | None = None, **headers: str
    ) -> HttpResponse:
        """``raw`` is sent as it is; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        kind = sent.pop("Content-Type", "application/json")
        if isinstance(body, bytes):
            raw, kind = body, "application/octet-stream"
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        url = path if path.startswith("/") else f"{ROOT}/{path}"
        return self.client.generic(method, url, data, content_type=kind, headers={**self.headers, **sent})

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        return self.ask("POST", path, body, **headers)

    def patch(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        return self.ask("PATCH", path, body, **headers)

    def put(self, path: str, body: object = None, **headers: str) -> HttpResponse:
        return self.ask("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str) -> HttpResponse:
        return self.ask("DELETE", path, **headers)


def nobody() -> Caller:
    return Caller(Client(enforce_csrf_checks=True))


def program(person: Person) -> Caller:
    """Bears a token of this person."""
    secret = actions.create_token(by=queries.actor_of(person), scope="api", person=person.uuid)
    return Caller(Client(enforce_csrf_checks=True), {"Authorization": f"Bearer {secret}"})


def browser(person: Person) -> Caller:
    """Signed in a moment ago, and holding the CSRF token as our pages do."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()
    client.get(f"{ROOT}/docs")
    return Caller(client, {"X-CSRFToken": client.cookies[settings.CSRF_COOKIE_NAME].value})


def body(response: HttpResponse) -> Any:
    return json.loads(response.content)


def problem(response: HttpResponse, status: int, code: str) -> Any:
    """The problem of that kind, or the test fails with what came instead."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    said = body(response)
    assert (said["status"], said["code"], said["type"]) == (status, code, f"{ROOT}/problems/{code}")
    assert said["title"]
    assert said["detail"]
    return said
