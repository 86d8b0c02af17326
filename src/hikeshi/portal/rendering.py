"""What every page of the portal knows."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor
from hikeshi.notices import queries as notices
from hikeshi.notices.queries import Known
from hikeshi.portal import keeping


def shown(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """``may_report``: the way to the forms is shown. ``outages``: what the desk tells of, asked for where
    it is shown.
    """
    known = request.user.is_authenticated
    here = {
        "site": accounts.site(),
        "may_report": known or incidents.open_to_all(),
        "outages": SimpleLazyObject(lambda: outages(request)),
        **context,
    }
    return render(request, template, here, status=status)


def outages(request: HttpRequest) -> Sequence[Known]:
    by: Actor | None = getattr(request, "actor", None)
    return notices.known(by, language(), keeping.voice(request))


def language() -> str:
    return (get_language() or "ja")[:2]
