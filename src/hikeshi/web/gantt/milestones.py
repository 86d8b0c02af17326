"""The days that plans lead to."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import actions
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import planned
from hikeshi.web import leaving
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.gantt.forms import MilestoneForm
from hikeshi.web.gantt.shown import may_mark
from hikeshi.web.settings.saving import saved


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    context = {"title": _("Milestones"), "milestones": planned.milestones(), "may_mark": may_mark(request.actor)}
    return render(request, "web/gantt/milestones.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, milestone: UUID | None = None) -> HttpResponse:
    """A new one, or one said anew."""
    now = planned.milestone(request.actor, milestone)
    initial = {"name": now.name, "day": now.day, "version": now.version} if now else {}
    form = MilestoneForm(asked(request), initial=initial)
    if saved(form, lambda _said: _set(request, form, milestone)):
        messages.success(request, _("Saved."))
        return leaving.done(request, "web:milestones")
    context = {"title": _("Milestone") if now else _("New milestone"), "form": form, "milestone": now}
    return render(request, "web/gantt/milestone.html", context, status=form.status)


def _set(request: SignedIn, form: MilestoneForm, milestone: UUID | None) -> object:
    said = form.cleaned_data
    return actions.set_milestone(
        by=request.actor, milestone=milestone, name=said["name"], day=said["day"], version=said["version"]
    )


@require_POST
def remove(request: SignedIn, milestone: UUID) -> HttpResponse:
    actions.remove_milestone(by=request.actor, milestone=milestone)
    messages.success(request, _("Removed."))
    return leaving.done(request, "web:milestones")
