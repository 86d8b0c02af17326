from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import hours, queries
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.settings import changes
from hikeshi.web.settings.calendars import forms, pictures
from hikeshi.web.settings.saving import saved
from hikeshi.web.submitting import submitted


@require_http_methods(["GET", "POST"])
def calendars(request: SignedIn) -> HttpResponse:
    """POST chooses the calendar of an organisation."""
    shown = queries.calendars(request.actor).prefetch_related("organisations")
    may_choose = request.actor.may(Verb.MANAGE)
    form = forms.Keep(request.actor, asked(request)) if may_choose else None
    if request.method == "POST" and form is None:
        raise NotAllowed(Verb.MANAGE)
    chosen = None if form is None else submitted(form, lambda it: _keep(request.actor, it))
    if chosen is not None:
        messages.success(request, _("Saved."))
        return redirect("settings:calendars")
    context = {"title": _("Calendars"), "calendars": shown, "keep": form, **_kept(request.actor)}
    return render(request, "web/settings/calendars.html", context, status=status_of(form) if form else 200)


def _kept(by: Actor) -> dict[str, object]:
    return {
        "standard": queries.standard_calendar(),
        "keeping": queries.organisations(by).filter(calendar__isnull=False),
        "may_manage": queries.may_manage_site(by),
    }


def _keep(by: Actor, it: dict[str, str]) -> object:
    chosen = UUID(it["calendar"]) if it["calendar"] else None
    return accounts.choose_calendar(by=by, organisation=UUID(it["organisation"]), calendar=chosen)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE, queries.root().pk)
    form = forms.Calendar(asked(request), initial=forms.suggested())
    made = saved(form, lambda it: accounts.add_calendar(by=request.actor, **forms.said(it)))
    if made:
        messages.success(request, _("The calendar was added. Choose who keeps it."))
        return redirect("settings:calendars")
    return render(request, "web/settings/calendar.html", _page(request, form, _("New calendar")), status=form.status)


@require_http_methods(["GET", "POST"])
def calendar(request: SignedIn, calendar: UUID) -> HttpResponse:
    row = queries.calendar(request.actor, calendar)
    form = forms.Calendar(asked(request), initial=forms.starting(row))
    if saved(form, lambda it: _edit(request.actor, calendar, it)):
        messages.success(request, _("Saved. What runs already keeps its due times."))
        return redirect("settings:calendar", calendar)
    return render(request, "web/settings/calendar.html", _page(request, form, row.name, row), status=form.status)


def _edit(by: Actor, calendar: UUID, it: dict[str, str]) -> object:
    version = int(it["version"]) if it.get("version") else None
    return accounts.edit_calendar(by=by, calendar=calendar, version=version, **forms.said(it))


def _page(
    request: SignedIn, form: forms.Calendar, title: str, row: queries.Calendar | None = None
) -> dict[str, object]:
    may_manage = queries.may_manage_site(request.actor)
    known = {} if row is None else _meaning(request, row)
    return {"title": title, "form": form, "may_manage": may_manage, **known}


def _meaning(request: SignedIn, row: queries.Calendar) -> dict[str, object]:
    """As it is saved: when something would be due, and the year ahead."""
    read, now = hours.read(row), clock.now()
    trial = forms.Try(request.GET if "hours" in request.GET else None)
    return {
        "calendar": row,
        "changed": changes.by(row.changed_by, row.changed_at),
        "trial": trial,
        "due": pictures.due(read, *trial.asked(now)),
        "days": pictures.year_ahead(read, now),
    }


@require_POST
def remove(request: SignedIn, calendar: UUID) -> HttpResponse:
    accounts.remove_calendar(by=request.actor, calendar=calendar)
    messages.success(request, _("The calendar was removed."))
    return redirect("settings:calendars")
