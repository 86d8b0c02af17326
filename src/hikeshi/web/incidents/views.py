from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.filters import listing
from hikeshi.web.incidents import forms
from hikeshi.web.leaving import done


@require_GET
def incident_list(request: SignedIn) -> HttpResponse:
    found = listing.listed(request)
    may: dict[str, object] = {"workable": request.actor.organisations(Verb.WORK), "live": "incidents"}
    may["may_break_glass"] = request.actor.may(Verb.BREAK_GLASS)
    context = {"title": _("Incidents"), **found, **may}
    return render(request, "web/incidents/list.html", context, status=422 if found["trouble"] else 200)


@require_http_methods(["GET", "POST"])
def new_incident(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.OPEN)
    form = forms.NewIncident(by=request.actor, data=asked(request))
    ref = form.opened()
    if ref:
        messages.success(request, _("%(ref)s is open.") % {"ref": ref})
        return done(request, "web:room", ref)
    return render(request, "web/incidents/new.html", {"title": _("New incident"), "form": form}, status=status_of(form))


@require_POST
def alike(request: SignedIn) -> HttpResponse:
    """Asked while a title is typed: what is open already and sounds like it. What is typed stands in no address."""
    request.actor.must(Verb.OPEN)
    typed = request.POST
    found = incidents.alike(request.actor, typed.get("title", "")[:1000], kind=typed.get("kind", "")[:40])
    return render(request, "web/incidents/alike.html", {"alike": found})


@require_http_methods(["GET", "POST"])
def break_glass(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.BREAK_GLASS)
    form = forms.BreakGlass(asked(request))
    if form.is_valid():
        actions.break_glass(by=request.actor, **form.cleaned_data)
        return done(request, "web:room", form.cleaned_data["ref"])
    context = {"title": _("Break the glass"), "form": form}
    return render(request, "web/incidents/break_glass.html", context, status=status_of(form))
