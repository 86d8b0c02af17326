from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.intake.queries import together
from hikeshi.rooms import queries as rooms
from hikeshi.service_levels import queries as service_levels
from hikeshi.web import leaving, readings
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.room import acts, calling, owning, talking
from hikeshi.web.room.layout import Layout, held, only_of

LINES = 30
_ASKED: Final = {"business": incidents.business, "present": incidents.present_at}


@require_GET
def room(request: SignedIn, ref: str) -> HttpResponse:
    found, only = incidents.room(request.actor, ref), only_of(request.GET.get("only", ""))
    lines = incidents.timeline_of(request.actor, found.incident, only=only, limit=LINES)
    layout = Layout(found, request.actor, only, readings.chosen(request))
    context = {"title": f"{found.incident.ref} {found.incident.title}", "room": found, "layout": layout, "ref": ref}
    files = {"attached": incidents.attached(found), "file_limit": incidents.file_limit()}
    newest = held(request.actor, found.incident.subject)
    alerts = {"alerts": newest, "live": layout.topics, "why": together.shown(request.actor, newest.items)}
    clocks = service_levels.clocks_of(found.incident)
    due = {"clocks": clocks, "first_clock": service_levels.first_of(clocks)}
    talk = {"timeline": lines, **talking.shown(request.actor, found.incident)}
    called: dict[str, object] = {"calling": calling.shown(incidents.calling_of(request.actor, found.incident))}
    called |= {name: ask(request.actor, found.incident) for name, ask in _ASKED.items()}
    wanted = {"owning": owning.shown(request.actor, found), "chat": rooms.of_record(found.incident.subject)}
    return render(request, "web/room/room.html", {**context, **files, **alerts, **due, **talk, **called, **wanted})


@require_GET
def timeline(request: SignedIn, ref: str) -> HttpResponse:
    only, cursor = request.GET.get("only", "all"), request.GET.get("cursor")
    page = incidents.timeline(request.actor, ref, only=only_of(only), cursor=cursor, limit=100)
    context = {"title": _("Timeline of %(ref)s") % {"ref": ref}, "page": page, "ref": ref, "only": only}
    return render(request, "web/room/timeline_page.html", context)


@require_GET
def clocks(request: SignedIn, ref: str) -> HttpResponse:
    record, explained = service_levels.explained(request.actor, ref)
    context = {"title": _("Service clocks"), "record": record, "explained": explained, "ref": ref}
    return render(request, "web/room/explained.html", context)


@require_POST
def here(request: SignedIn, ref: str) -> HttpResponse:
    """The page is open and looked at; who else is there."""
    actions.look(by=request.actor, ref=ref, typing=bool(request.POST.get("typing")))
    return render(request, "web/room/present.html", {"present": incidents.present(request.actor, ref)})


@require_http_methods(["GET", "POST"])
def act(request: SignedIn, ref: str, name: str, part: str = "") -> HttpResponse:
    """Every act of the room: its form on GET, the act on POST."""
    form = acts.find(name)(by=request.actor, ref=ref, part=part, data=asked(request))
    if request.method == "POST" and form.carried_out():
        leaving.say(request, form.done)
        return leaving.done(request, "web:room", ref)
    context = {"title": form.headline, "form": form, "ref": ref}
    return render(request, "web/room/act.html", context, status=form.status)
