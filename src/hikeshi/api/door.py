"""What every request of the API passes, and how every answer leaves: known caller, read body, the reader's language,
one act per key, and never anything but the JSON that was promised or a problem.
"""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Final, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt
from ninja.errors import AuthenticationError, ValidationError

from hikeshi.api import bodies, problems, validation
from hikeshi.api.barred import Barred
from hikeshi.api.callers import SAFE, Request, identify
from hikeshi.kernel import texts
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, Refusal
from hikeshi.ledger import answers

View = Callable[..., HttpResponseBase]
KEPT_HEADERS: Final = ("Content-Type", "Location", "ETag", "Content-Language")
REFUSALS: Final = (Refusal, ValidationError, AuthenticationError, Http404, Barred, bodies.Malformed)
logger = logging.getLogger(__name__)


def door(view: View) -> View:
    @login_not_required  # strangers get a problem, not the sign-in page
    @csrf_exempt  # checked in callers.identify, and only where a cookie is what makes the caller known
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        asked = request.method
        request.method = "GET" if asked == "HEAD" else asked  # the server sends the head alone
        with translation.override(language(request.headers.get("Accept-Language", ""), "")):
            response = _answered(cast(Request, request), lambda: view(request, *args, **kwargs), kwargs)
        request.method = asked
        response["Cache-Control"] = "no-store"
        response["Vary"] = "Accept-Language, Authorization, Cookie"
        return response

    return guarded


def language(accepted: str, otherwise: str) -> str:
    """The first language of the header that the desk speaks; else the reader's own, else the site's."""
    known = {code for code, _name in settings.LANGUAGES}
    for code, _quality in parse_accept_lang_header(accepted):
        if code.split("-")[0] in known:
            return code.split("-")[0]
    return otherwise if otherwise in known else settings.LANGUAGE_CODE


def _answered(request: Request, view: Callable[[], HttpResponseBase], path: Mapping[str, str]) -> HttpResponseBase:
    try:
        return _admitted(request, view, path)
    except REFUSALS as error:
        return _refusal(error, in_body=request.method not in SAFE)
    except (OperationalError, InterfaceError):
        logger.exception("the database cannot be reached")
        return problems.answer("unavailable", headers={"Retry-After": "5"})
    except Exception:
        logger.exception("broke: %s %s", request.method, request.path)
        return problems.answer("broken")


def _refusal(error: Exception, *, in_body: bool) -> HttpResponse:
    match error:
        case Refusal():
            return problems.refused(error, in_body=in_body)
        case ValidationError() if not validation.of_path(error):
            return problems.invalid(validation.fields(error))
        case AuthenticationError():
            return problems.answer("unauthenticated", headers={"WWW-Authenticate": 'Bearer realm="hikeshi"'})
        case bodies.Malformed():
            return problems.malformed(error)
        case Barred():
            return problems.answer(error.problem, headers=error.headers)
    return problems.answer("not_found")


def _admitted(request: Request, view: Callable[[], HttpResponseBase], path: Mapping[str, str]) -> HttpResponseBase:
    _check_address(request, path)
    file = bodies.is_file(request)
    if request.method not in SAFE and not file:
        bodies.admit(request)
    request.caller = identify(request)
    request.json = None
    if request.caller is None:
        return _plain(view())
    translation.activate(language(request.headers.get("Accept-Language", ""), request.caller.language))
    if request.method in SAFE:
        return _plain(view())
    key = request.headers.get("Idempotency-Key")
    if file and key is not None:
        raise Invalid("Idempotency-Key", "not_for_files")
    request.json = None if file else bodies.read(request)
    return _plain(view()) if key is None else _once(request, request.caller, key, view)


def _check_address(request: Request, path: Mapping[str, str]) -> None:
    """NUL fits no column of either database: an address with one leads nowhere."""
    if not all(texts.storable(str(part)) for part in path.values()):
        raise Http404
    for name, values in request.GET.lists():
        if not all(texts.storable(value) for value in [name, *values]):
            raise Invalid(name, "unstorable_character")


def _plain(response: HttpResponseBase) -> HttpResponseBase:
    if isinstance(response, HttpResponseNotAllowed):
        return problems.answer("method_not_allowed", headers={"Allow": response["Allow"]})
    return response


def _once(request: Request, caller: Actor, key: str, view: Callable[[], HttpResponseBase]) -> HttpResponse:
    if not (0 < len(key) <= answers.LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Invalid("Idempotency-Key", "not_a_key")
    asked = f"{request.method}\n{request.get_full_path()}\n{request.headers.get('If-Match', '')}\n".encode()
    kept, again = answers.once(by=caller, key=key, request=asked + request.body, act=lambda: _kept(view()))
    response = HttpResponse(kept.body, status=kept.status, headers=kept.headers)
    if again:
        response["Idempotency-Replayed"] = "true"
    return response


def _kept(response: HttpResponseBase) -> answers.Kept:
    plain = cast(HttpResponse, _plain(response))
    headers = {name: text for name, text in plain.items() if name in KEPT_HEADERS or plain.status_code >= 400}
    return answers.Kept(status=plain.status_code, headers=headers, body=plain.content)
