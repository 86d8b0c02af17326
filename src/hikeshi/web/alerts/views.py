from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import queries as incidents
from hikeshi.intake import actions, benign, inhibitions, silences
from hikeshi.intake import queries as intake
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import calming, inhibiting, together
from hikeshi.kernel.paging import paginate
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.alerts import bodies, forms, known
from hikeshi.web.filtering import LIMIT, cursor_of
from hikeshi.web.leaving import done


@require_GET
def queue(request: SignedIn) -> HttpResponse:
    filters = forms.Filters(request.GET)
    rows = intake.brief(intake.alerts(request.actor, **filters.wanted))
    page = paginate(rows, order=intake.NEWEST, cursor=cursor_of(request), limit=LIMIT)
    context = {"title": _("Alerts"), "filters": filters, "page": page, "next": filters.next_query(page.next)}
    may = {name: request.actor.may(verb) for name, verb in (("may_judge", Verb.JUDGE), ("may_manage", Verb.MANAGE))}
    context |= {"explaining": inhibiting.explaining(request.actor, page.items)}
    context |= {"flapping": calming.flapping_since(page.items)}
    return render(request, "web/alerts/queue.html", {**context, **may, "live": "alerts"})


@require_GET
def alert(request: SignedIn, uuid: UUID) -> HttpResponse:
    row = intake.alert(request.actor, uuid)
    hits = incidents.alert_hits(request.actor, row.organisation, row.observables)
    context = {"title": row.title, "alert": row, "normal": bodies.pretty(row.told), "hits": hits, "live": "alerts"}
    more = {"may_judge": request.actor.may(Verb.JUDGE), "silenced": silences.of_rule(row.rule)}
    more |= {"why": together.why(request.actor, uuid), "inhibited": inhibitions.of_rule(row.rule)}
    more |= {"explaining": inhibiting.explaining(request.actor, [row]), "flapping": calming.flapping_since([row])}
    more |= {
        "harmless": benign.of_rule(row.rule),
        "known": known.of(row.normal),
        "traces": known.elsewhere(request.actor, row),
    }
    return render(request, "web/alerts/alert.html", {**context, **more})


@require_GET
def raw(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Shown as text on a page of ours, never as what the sender says it is."""
    row = intake.alert(request.actor, uuid)
    found = [bodies.Shown.of(body) for body in intake.bodies_of(request.actor, row)]
    context = {"title": _("As it came: %(title)s") % {"title": row.title}, "alert": row, "bodies": found}
    return render(request, "web/alerts/raw.html", context)


@require_POST
def correct_at_once(request: SignedIn, uuid: UUID, verdict: str) -> HttpResponse:
    """The verdict the other way round, at one click."""
    actions.correct_verdict(by=request.actor, alert=uuid, verdict=verdict, reason=_("Corrected at one click."))
    messages.success(request, _("The verdict is corrected. It counts against the rule."))
    return done(request, "web:alert", uuid)


@require_http_methods(["GET", "POST"])
def correct(request: SignedIn, uuid: UUID) -> HttpResponse:
    form = forms.Correct(by=request.actor, alert=intake.alert(request.actor, uuid), data=asked(request))
    if form.corrected():
        messages.success(request, _("The verdict is corrected."))
        return done(request, "web:alert", uuid)
    context = {"title": _("Correct the verdict"), "form": form}
    return render(request, "web/alerts/correct.html", context, status=status_of(form))


def _chosen(request: HttpRequest) -> list[UUID]:
    return bodies.uuids(request.GET.getlist("alert"))


@require_http_methods(["GET", "POST"])
def open_incident(request: SignedIn) -> HttpResponse:
    alerts = [intake.alert(request.actor, uuid) for uuid in _chosen(request)]
    form = forms.FromAlerts(by=request.actor, alerts=alerts, data=asked(request)) if alerts else None
    ref = form.opened() if form else None
    if ref:
        messages.success(request, _("%(ref)s is open.") % {"ref": ref})
        return done(request, "web:room", ref)
    context = {"title": _("Open an incident"), "form": form, "alerts": alerts}
    return render(request, "web/alerts/open.html", context, status=status_of(form) if form else 200)


@require_http_methods(["GET", "POST"])
def attach(request: SignedIn) -> HttpResponse:
    alerts = [intake.alert(request.actor, uuid) for uuid in _chosen(request)]
    form = forms.Attach(by=request.actor, alerts=_chosen(request), data=asked(request)) if alerts else None
    ref = form.attached() if form else None
    if ref:
        messages.success(request, _("Attached to %(ref)s.") % {"ref": ref})
        return done(request, "web:room", ref)
    context = {"title": _("Attach to an incident"), "form": form, "alerts": alerts}
    return render(request, "web/alerts/attach.html", context, status=status_of(form) if form else 200)


@require_GET
def parked(request: SignedIn) -> HttpResponse:
    rows = intake.parked(request.actor)
    page = paginate(rows, order=bodies.NEWEST, cursor=cursor_of(request), limit=LIMIT)
    shown = [(row, bodies.Shown.of(row)) for row in page.items]
    context = {"title": _("Set aside"), "page": page, "shown": shown, "next": bodies.next_page(page.next)}
    return render(request, "web/alerts/parked.html", {**context, "live": "parked"})


@require_POST
def replay(request: SignedIn, uuid: UUID) -> HttpResponse:
    result = actions.replay(by=request.actor, parked=uuid)
    if result.parked:
        messages.error(request, _("It still cannot be read."))
    else:
        messages.success(request, _("Read again. Alerts: %(count)s") % {"count": result.alerts})
    return done(request, "web:parked")


@require_POST
def dismiss(request: SignedIn, uuid: UUID) -> HttpResponse:
    actions.dismiss_parked(by=request.actor, parked=uuid)
    messages.success(request, _("Put away."))
    return done(request, "web:parked")
