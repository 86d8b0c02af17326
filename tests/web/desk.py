"""A browser at the desk, and what comes in through the door, for the tests of the pages."""

import json
from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from hikeshi.accounts.models import Organisation
from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident
from hikeshi.intake import digesting
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert
from hikeshi.kernel import clock
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from tests import world

PANELS = {"HX-Request": "true"}


def browser(username: str, *roles: str, at: Organisation | None = None, language: str = "en") -> Client:
    """Signed in as this person."""
    person = world.person(username, *roles, at=at)
    person.language = language
    person.save(update_fields=["language"])
    client = Client()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def page(response: HttpResponse, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    return response.content.decode()


def incident(title: str = "Files are encrypted", by: str = "mori", **more: object) -> Incident:
    said = {"kind": "ransomware", "impact": 2, "effect": 1, "urgency": 1, **more}
    return actions.open_incident(by=world.actor(by, "commander"), title=title, **said)


def alert(title: str = "Disk is full", severity: str = "medium", **more: object) -> Alert:
    """Through the digest, as the generic source sends it."""
    body = json.dumps({"title": title, "severity": severity, "time": clock.now().isoformat(), **more})
    deliver(body.encode())
    return Alert.objects.latest("id")


def deliver(body: bytes, source: str = "generic") -> None:
    digesting.digest(
        [
            InboxItem(
                receipt=uuid7(),
                source=source,
                organisation_id=world.site().pk,
                body=body,
                content_type="application/json",
                received_at=clock.now() - timedelta(seconds=1),
                world=World.REAL,
                alerts=1,
            )
        ]
    )
