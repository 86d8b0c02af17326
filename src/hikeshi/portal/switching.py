"""The other language in the middle of a form: what was typed stays."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

SWITCH: Final = "switch"
YEAR: Final = 365 * 24 * 3600


def asked(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get(SWITCH) in dict(settings.LANGUAGES)


def typed(request: HttpRequest) -> dict[str, object]:
    """What stands in the form, by field; the same form goes on."""
    several = {"did"}
    names = [name for name in request.POST if name not in {SWITCH, "csrfmiddlewaretoken", "website"}]
    return {name: request.POST.getlist(name) if name in several else request.POST[name] for name in names}


def again(request: HttpRequest, page: Callable[[], HttpResponse]) -> HttpResponse:
    """The page in the language asked for, which this browser keeps."""
    language = request.POST[SWITCH]
    translation.activate(language)
    response = page()
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        samesite="Lax",
        httponly=True,
        secure=request.is_secure(),
    )
    return response
