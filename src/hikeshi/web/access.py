"""Who gets a page at all: every view of this surface asks for a signed-in person unless it says otherwise."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, resolve_url

from hikeshi.kernel.acting import Actor

View = TypeVar("View", bound=Callable[..., HttpResponse])


class SignedIn(HttpRequest):
    """What a view of this surface is handed: the middleware has put the reader on it."""

    actor: Actor


def open_to_all(view: View) -> View:
    """For the few pages shown before signing in."""
    return login_not_required(view)


def turned_away(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back here afterwards. What was typed stays in the browser's draft."""
    here = request.headers.get("HX-Current-URL") if request.headers.get("HX-Request") else request.get_full_path()
    path = here or "/"
    if "://" in path:
        path = "/" + path.split("://", 1)[1].partition("/")[2]
    target = f"{resolve_url(settings.LOGIN_URL)}?next={quote(path)}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": target})
    return redirect(target)


def asked(request: HttpRequest) -> QueryDict | None:
    """What a form is given: the POST, even an empty one, or nothing when it is only looked at."""
    return request.POST if request.method == "POST" else None


def status_of(form: Form) -> int:
    """A form that is shown again could not be used."""
    return 422 if form.is_bound else 200
