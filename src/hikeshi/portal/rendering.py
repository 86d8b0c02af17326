"""What every page of the portal knows."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import queries as incidents


def shown(request: HttpRequest, template: str, context: Mapping[str, object], status: int = 200) -> HttpResponse:
    """``may_report``: the way to the forms is shown."""
    known = request.user.is_authenticated
    here = {"site": accounts.site(), "may_report": known or incidents.open_to_all(), **context}
    return render(request, template, here, status=status)
