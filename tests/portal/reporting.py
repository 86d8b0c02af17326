"""A browser of somebody without an account, and what they type."""

import re
from datetime import timedelta

from django.http import HttpResponse
from django.test import Client

from hikeshi.incidents import actions
from tests import world

ODD, NEAR_MISS, REQUEST, FOLLOW = "/report/", "/report/near-miss", "/report/request", "/report/follow/"


def open_site() -> None:
    actions.set_reporting(by=world.admin(), open_to_all=True, organisation=world.site().uuid, answer_days=14)


def stranger(language: str = "en", address: str = "192.0.2.1") -> Client:
    return Client(headers={"Accept-Language": language}, REMOTE_ADDR=address)


def stamp_of(page: HttpResponse) -> str:
    found = re.search(r'name="stamp" value="([^"]+)"', page.content.decode())
    assert found is not None
    return found[1]


def filled(browser: Client, at: str = ODD, **typed: object) -> dict[str, object]:
    """The form as a person sends it: some seconds after it was shown."""
    stamp = stamp_of(browser.get(at))
    world.clock.fast_forward(timedelta(seconds=30))
    return {"what": "A red warning appeared", "stamp": stamp, **typed}


def send(browser: Client, at: str = ODD, **typed: object) -> HttpResponse:
    return browser.post(at, filled(browser, at, **typed))


def code_on(page: HttpResponse) -> str:
    found = re.search(r'class="follow-code">([A-Z0-9-]+)<', page.content.decode())
    assert found is not None, page.content.decode()
    return found[1]


def sent_code(browser: Client, **typed: object) -> str:
    """What somebody has after sending: the code, as the page shows it."""
    answer = send(browser, **typed)
    assert answer.status_code == 302, answer.content.decode()
    return code_on(browser.get(answer.headers["Location"]))
