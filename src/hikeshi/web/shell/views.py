from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.kernel import clock, topics
from hikeshi.web.access import open_to_all
from hikeshi.web.leaving import same_site
from hikeshi.web.shell import forms, listening

YEAR = 365 * 24 * 3600


@open_to_all
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Kept with the person, and in this browser for the pages before signing in. How close rows stand is the browser's
    alone: it suits a screen, not a person.
    """
    form = forms.Preferences(request.POST)
    chosen = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    reading = chosen.pop("reading", "")
    mine: dict[str, str] = {name: chosen[name] for name in ("language", "theme") if name in chosen}
    if request.user.is_authenticated and reading:
        accounts.choose_reading(by=request.actor, reading=reading)  # type: ignore[attr-defined]  # set by middleware
    if request.user.is_authenticated and mine:
        kept: dict[str, str] = {name: getattr(request.user, name) for name in ("language", "time_zone", "theme")}
        accounts.set_preferences(by=request.actor, **{**kept, **mine})  # type: ignore[attr-defined]  # set by middleware
    response = redirect(same_site(request, request.POST.get("next", "")))
    for name, value in chosen.items():
        cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
        response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure())
    return response


@require_GET
def topic_token(request: HttpRequest) -> HttpResponse:
    """A token for the topics the reader may hear of now; asked for again before each is over."""
    heard = listening.allowed(request.actor, request.GET.getlist("topic"))  # type: ignore[attr-defined]  # set by middleware
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    made = clock.now() - listening.age(request.GET)
    token = topics.sign(heard, session=session, secret=settings.SECRET_KEY, now=made)
    return JsonResponse({"token": token, "seconds": int(topics.LIFE.total_seconds())})
