"""Pages for what did not work: each says what, what is safe, what to do."""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.csrf import requires_csrf_token

from hikeshi.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal, Unmet
from hikeshi.kernel.vault import Damaged, NoRoom
from hikeshi.oncall.refusals import AnsweredAlready
from hikeshi.phrases import refusals as sentences
from hikeshi.web import turned, words

log = logging.getLogger("hikeshi.web")
STATUS: dict[type[Refusal], int] = {
    NotAllowed: 403,
    NotFound: 404,
    AnsweredAlready: 409,
    Conflict: 409,
    Unmet: 409,
    Damaged: 410,
    NoRoom: 507,
}


def _page(
    request: HttpRequest, name: str, title: str, status: int, more: Mapping[str, object] = MappingProxyType({})
) -> HttpResponse:
    """As a page; where only a part of one was asked for, in the dialog, so that the rest of the page stays as it is."""
    if not request.headers.get("HX-Request"):
        frame = "web/shell.html" if request.user.is_authenticated else "web/alone.html"
        return render(request, name, {"title": title, "frame": frame, **more}, status=status)
    response = render(request, name, {"title": title, "frame": "web/sheet.html", **more}, status=status)
    response.headers["HX-Retarget"] = "#sheet"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def status_of(refusal: Refusal) -> int:
    return STATUS.get(type(refusal), 422)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """``NotFound`` looks exactly like an address that never existed; ``NotAllowed`` says that and no more."""
    if isinstance(refusal, NotFound):
        return missing(request)
    if isinstance(refusal, NotAllowed):
        return barred(request)
    return _page(request, "web/states/refused.html", sentences.sentence(refusal), status_of(refusal))


@requires_csrf_token
def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "web/states/missing.html", words.missing(), 404)


def unsaid(request: HttpRequest) -> HttpResponse:
    """``missing`` of an address that is a secret: Django would write it into the log."""
    response = missing(request)
    response._has_been_logged = True  # type: ignore[attr-defined]  # how Django marks what it need not log again
    return response


@requires_csrf_token
def barred(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "web/states/barred.html", words.barred(), 403)


WRITTEN: Final = ("what", "text", "words", "title", "description", "resolution", "reason", "note")
"""Where people write at length. No other field is shown again: a password is among them."""


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere (CSRF). What was typed is still in the browser's draft, and on this
    page for whoever has no scripts.
    """
    typed = [request.POST[name] for name in WRITTEN if request.POST.get(name, "").strip()]
    more = {"typed": typed, "back": _came_from(request)}
    return _page(request, "web/states/expired.html", words.expired(), 403, more)


def _came_from(request: HttpRequest) -> str:
    """The page of this site that the form stood on; else the address it was sent to."""
    came = urlsplit(request.headers.get("Referer", ""))
    return (came.path or "/") if came.netloc == request.get_host() else request.path


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """In the language of whoever asked: this may come before anything has looked for it."""
    translation.activate(translation.get_language_from_request(request))
    if isinstance(exception, TOO_MUCH):
        return _too_large(request)
    return HttpResponse(render_to_string("web/states/unreadable.html", {"title": words.unreadable()}), status=400)


TOO_MUCH: Final = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def _too_large(request: HttpRequest) -> HttpResponse:
    """As the door says it, who refuses larger ones itself."""
    headers = {name.lower().encode(): value.encode() for name, value in request.headers.items()}
    said = turned.pages()("too_large", request.method or "", request.get_full_path(), headers)
    if said is None:
        return HttpResponse(status=413)
    response = HttpResponse(said[1], status=413)
    for name, value in said[0]:
        response.headers[name.decode()] = value.decode()
    return response


def failed(request: HttpRequest) -> HttpResponse:
    """Touches no database and no session: it may be these that failed. Written to the log here, wherever it failed,
    with the code that the page shows; a page that only asks has that code in a header.
    """
    code = getattr(request, "incident_code", "")
    log.error("page failed, code %s", code or "-", exc_info=True)
    asked = request.method in {"GET", "HEAD"}
    context = {"title": words.failed(), "code": code, "asked": asked}
    context["back"] = request.get_full_path() if asked else _came_from(request)
    page = render_to_string("web/states/failed.html", context)
    return HttpResponse(page, status=500, headers={"Hikeshi-Code": code})
