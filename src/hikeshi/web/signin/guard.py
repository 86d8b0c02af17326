"""Every try to prove who one is passes here: written down, weighed, then tried, then settled."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.refusals import Wait
from hikeshi.accounts.steps import Step
from hikeshi.kernel.acting import system
from hikeshi.phrases import refusals as sentences
from hikeshi.web.signin import devices

Proven = TypeVar("Proven")
DESK = system("sign-in")


def address_of(request: HttpRequest) -> str:
    """The door has put the caller here; behind a declared proxy, the one the proxy names (DESIGN §6.14)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def device_of(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")


def attempt(
    request: HttpRequest, step: Step, username: str, check: Callable[[], Proven | None], proof: str = ""
) -> Proven | None:
    """What ``check`` found, unless it came too soon or ``proof`` was used before. Raises ValidationError."""
    tried = accounts.open_attempt(
        by=DESK,
        step=step,
        username=username,
        address=address_of(request),
        device=device_of(request),
        known_device=devices.known(request, username),
    )
    try:
        accounts.weigh_attempt(by=DESK, attempt=tried.uuid)
    except Wait as refusal:
        accounts.drop_attempt(by=DESK, attempt=tried.uuid)
        raise ValidationError(sentences.sentence(refusal), code=refusal.code) from refusal
    found = check()
    passed = accounts.settle_attempt(by=DESK, attempt=tried.uuid, passed=found is not None, proof=proof)
    return found if passed else None
