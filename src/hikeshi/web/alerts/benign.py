from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.intake import actions
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import calming, sourcing
from hikeshi.kernel.paging import paginate
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.alerts.calming import BenignForm, FlappingForm, ReviewForm, Stands, lines
from hikeshi.web.filtering import LIMIT, cursor_of
from hikeshi.web.leaving import done
from hikeshi.web.submitting import submitted


@require_GET
def benign(request: SignedIn) -> HttpResponse:
    filters = Stands(request.GET)
    rows = calming.listed(request.actor, stand=str(filters.picked.get("stand", "")))
    page = paginate(rows, order=calming.NEWEST, cursor=cursor_of(request), limit=LIMIT)
    context = {"title": _("Known to be harmless"), "filters": filters, "page": page}
    more = {"next": filters.next_query(page.next), "may_set": calming.may_set(request.actor), "live": "silences"}
    return render(request, "web/alerts/benign.html", {**context, **more, "lines": lines(request.actor, page.items)})


@require_GET
def entry(request: SignedIn, uuid: UUID) -> HttpResponse:
    row = calming.entry(request.actor, uuid)
    (line,) = lines(request.actor, [row])
    may = {"may_set": request.actor.may(Verb.MANAGE, row.organisation_id) and line.stand != "over", "live": "silences"}
    return render(request, "web/alerts/benign_entry.html", {"title": row.title, "line": line, "row": row, **may})


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    by, form = request.actor, BenignForm(request.actor, asked(request))
    row = submitted(form, lambda _said: actions.list_benign(by=by, organisation=form.place, terms=form.terms))
    if row is not None:
        messages.success(request, _("Listed. What names one of these values opens no incident by itself."))
        return done(request, "web:benign_entry", row.uuid)
    context = {"title": _("List values as harmless"), "form": form}
    return render(request, "web/alerts/new_benign.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def review(request: SignedIn, uuid: UUID) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    row, form = calming.entry(request.actor, uuid), ReviewForm(asked(request))
    by = request.actor
    act = lambda _said: actions.review_benign(by=by, entry=uuid, until=form.cleaned_data["until"])  # noqa: E731
    if submitted(form, act) is not None:
        messages.success(request, _("Looked at again. It counts on."))
        return done(request, "web:benign_entry", uuid)
    context = {"title": _("Look at it again"), "form": form, "row": row}
    return render(request, "web/alerts/review_benign.html", context, status=status_of(form))


@require_POST
def end(request: SignedIn, uuid: UUID) -> HttpResponse:
    actions.end_benign(by=request.actor, entry=uuid)
    messages.success(request, _("Taken off the list."))
    return done(request, "web:benign_entry", uuid)


@require_http_methods(["GET", "POST"])
def flapping(request: SignedIn) -> HttpResponse:
    sourcing.must_write(request.actor)
    by, form = request.actor, FlappingForm(asked(request))
    if submitted(form, lambda _said: actions.set_flapping(by=by, **form.cleaned_data)) is not None:
        messages.success(request, _("Saved. It counts from the next change on."))
        return done(request, "web:silences")
    context = {"title": _("When an alert flaps"), "form": form}
    return render(request, "web/alerts/flapping.html", context, status=status_of(form))
