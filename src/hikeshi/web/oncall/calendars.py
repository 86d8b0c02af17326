"""Calendars of others that are read at their addresses."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hikeshi.oncall import actions
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import rotas, subscriptions
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.oncall import acting, forms
from hikeshi.web.submitting import submitted


@require_http_methods(["GET", "POST"])
def calendars(request: SignedIn) -> HttpResponse:
    """What is read, and another one to be read."""
    rows = list(subscriptions.subscriptions(request.actor))
    planned = list(rotas.rotas(request.actor, Verb.MANAGE)) if request.actor.may(Verb.MANAGE) else []
    form = forms.Calendar(request.actor, planned, asked(request), initial={"whose": request.GET.get("whose", "own")})
    if submitted(form, lambda it: acting.calendar(request.actor, it)):
        messages.success(request, _("The desk reads it in a moment, and each hour from now on."))
        return redirect("web:duty_calendars")
    names = subscriptions.calendar_names(rows)
    shown = [(one, names.get(one.calendar, "") if one.calendar else "") for one in rows]
    context = {"title": _("Calendars at an address"), "form": form, "rows": shown}
    return render(request, "web/oncall/calendars.html", context, status=status_of(form))


@require_POST
def read(request: SignedIn, subscription: UUID) -> HttpResponse:
    actions.read_calendar(by=request.actor, subscription=subscription)
    messages.success(request, _("The desk reads it in a moment."))
    return redirect("web:duty_calendars")


@require_POST
def end(request: SignedIn, subscription: UUID) -> HttpResponse:
    actions.end_subscription(by=request.actor, subscription=subscription)
    messages.success(request, _("No longer read. What it said of the time to come is taken back."))
    return redirect("web:duty_calendars")
