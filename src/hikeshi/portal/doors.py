"""Who gets in at the portal: people with an account always, others where the site allows it, each at their own pace."""

from collections.abc import Callable
from functools import wraps
from typing import Final, TypeVar
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url

from hikeshi.accounts import networks
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.reporting import Knock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Refusal

DESK: Final = system("portal")
View = Callable[..., HttpResponse]
Done = TypeVar("Done")


def open_where_allowed(view: View) -> View:
    """For reporting: without an account only where an administrator has allowed it."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
        if request.user.is_authenticated or incidents.open_to_all():
            return view(request, *arguments, **named)
        return redirect(f"{resolve_url(settings.LOGIN_URL)}?next={quote(request.path)}")

    return login_not_required(guarded)


def reporter(request: HttpRequest) -> Actor:
    """Who reports: the person, or the portal for somebody it does not know."""
    mine: Actor | None = getattr(request, "actor", None)
    return mine if mine is not None else DESK


def paced(
    request: HttpRequest, what: Knock, act: Callable[[], Done], *, counts: Callable[[Done], bool] = lambda _: True
) -> Done:
    """Does it unless this network (or person) is too fast. What was refused does not count. Raises any refusal."""
    tried = actions.knock(by=DESK, what=what, place=_place(request))
    try:
        actions.weigh_knock(by=DESK, knocked=tried)
        done = act()
    except Refusal:
        actions.drop_knock(by=DESK, knocked=tried)
        raise
    if not counts(done):
        actions.drop_knock(by=DESK, knocked=tried)
    return done


def _place(request: HttpRequest) -> str:
    if request.user.is_authenticated:
        return f"person:{request.user.uuid}"
    return networks.network(str(request.META.get("REMOTE_ADDR", "")))
