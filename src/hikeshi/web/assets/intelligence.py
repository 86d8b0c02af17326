"""What is known of attackers: lists of indicators, and the catalogues of CISA and MITRE."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts import queries as accounts
from hikeshi.assets import actions
from hikeshi.assets.intelligence.codes import Catalogue
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries import intelligence
from hikeshi.assets.queries.intelligence import IndicatorList
from hikeshi.kernel import clock
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.assets import intelligence_forms as forms
from hikeshi.web.settings.listing import listed
from hikeshi.web.submitting import submitted


@require_GET
def indicators(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    page = listed(request, intelligence.lists(request.actor), order="-id")
    context = {"title": _("Threat intelligence"), "may_manage": request.actor.may(Verb.MANAGE), **page}
    context["catalogues"] = forms.catalogues(intelligence.loaded(request.actor))
    context["files"] = intelligence.under_way(request.actor) if context["may_manage"] else []
    context["may_load"] = request.actor.may(Verb.MANAGE, accounts.root().pk)
    return render(request, "web/assets/indicators.html", context)


@require_http_methods(["GET", "POST"])
def new_indicators(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.NewList(by=request.actor, data=asked(request), files=request.FILES or None)
    kept = submitted(form, lambda said: _add(request, said))
    if isinstance(kept, intelligence.IndicatorFile):
        return redirect("web:indicator_file", kept.uuid)
    if kept:
        messages.success(request, _("Alerts are compared with it. Values: %(count)s") % {"count": kept.count})
        return redirect("web:indicator_list", kept.uuid)
    context = {"title": _("New list of indicators"), "form": form}
    return render(request, "web/assets/new_indicators.html", context, status=status_of(form))


def _add(request: SignedIn, said: Mapping[str, object]) -> IndicatorList | intelligence.IndicatorFile:
    """Raises Invalid."""
    pieces = forms.pieces(said["file"])()
    place = UUID(str(said["organisation"]))
    title, origin, tlp = (str(said[name]) for name in ("title", "origin", "tlp"))
    days = said["days"]
    until = clock.now() + timedelta(days=days) if isinstance(days, int) else None
    about = {"title": title, "origin": origin, "tlp": tlp}
    return actions.bring_indicators(by=request.actor, organisation=place, pieces=pieces, until=until, **about)


@require_GET
def indicator_file(request: SignedIn, uuid: UUID) -> HttpResponse:
    """How far a large file is, and what came of it."""
    kept = intelligence.file(request.actor, uuid)
    context = {"title": kept.title, "kept": kept, "stopped": forms.stopped(kept)}
    return render(request, "web/assets/indicator_file.html", context)


@require_GET
def indicator_list(request: SignedIn, uuid: UUID) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    kept = intelligence.indicator_list(request.actor, uuid)
    text = request.GET.get("q", "").strip()[:1_000]
    page = listed(request, intelligence.indicators(kept, text), order="id", q=text)
    context = {"title": kept.title, "kept": kept, "q": text, **page}
    context["may_manage"] = request.actor.may(Verb.MANAGE, kept.organisation_id)
    return render(request, "web/assets/indicator_list.html", context)


@require_POST
def remove_indicators(request: SignedIn, uuid: UUID) -> HttpResponse:
    actions.remove_indicators(by=request.actor, indicators=uuid)
    messages.success(request, _("The list is removed. What it found stays said on its alerts."))
    return redirect("web:indicators")


@require_POST
def remove_indicator(request: SignedIn, uuid: UUID, key: str) -> HttpResponse:
    actions.remove_indicator(by=request.actor, indicators=uuid, key=key)
    messages.success(request, _("The value is looked for no more."))
    return redirect("web:indicator_list", uuid)


@require_http_methods(["GET", "POST"])
def load_catalogue(request: SignedIn, which: str) -> HttpResponse:
    request.actor.must(Verb.MANAGE, accounts.root().pk)
    now = intelligence.own_domains() if which == Catalogue.DOMAINS else ""
    form = forms.form_of(which, asked(request), request.FILES or None, now)
    kept = submitted(form, lambda _: actions.load_catalogue(by=request.actor, which=which, body=form.body()))
    if kept:
        messages.success(request, _("Loaded. Entries: %(count)s") % {"count": kept.count})
        return redirect("web:indicators")
    context = {"title": forms.title(which), "form": form, "which": which, "where": forms.SOURCES.get(which, "")}
    return render(request, "web/assets/load_catalogue.html", context, status=status_of(form))
