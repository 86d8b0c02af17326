from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.assets import actions, queries
from hikeshi.assets.permissions import Verb
from hikeshi.kernel.paging import paginate
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import refusals
from hikeshi.phrases.wording import told
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.assets import forms, showing
from hikeshi.web.assets.ties import incidents_of
from hikeshi.web.filtering import LIMIT, cursor_of
from hikeshi.web.leaving import done


@require_GET
def asset_list(request: SignedIn) -> HttpResponse:
    filters = forms.Filters(request.GET)
    rows = queries.assets(request.actor, **filters.wanted)
    page = paginate(rows, order=queries.ORDERS["criticality"], cursor=cursor_of(request), limit=LIMIT)
    context = {"title": _("Assets"), "filters": filters, "page": page, "next": filters.next_query(page.next)}
    may = {"may_manage": request.actor.may(Verb.MANAGE), "live": "assets"}
    return render(request, "web/assets/list.html", {**context, **may})


@require_GET
def asset(request: SignedIn, uuid: UUID) -> HttpResponse:
    page = queries.page(request.actor, uuid)
    words = {"rto": showing.span_words(page.asset.rto), "rpo": showing.span_words(page.asset.rpo)}
    context = {"title": page.asset.name, "page": page, "called": showing.called(page), "words": words}
    ties = {"history": showing.history(page), "incidents": incidents_of(request.actor, page.asset)}
    return render(request, "web/assets/asset.html", {**context, **ties, "live": "assets incidents"})


@require_http_methods(["GET", "POST"])
def new_asset(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    form = forms.AssetForm(by=request.actor, data=asked(request))
    saved = form.saved()
    if saved:
        messages.success(request, _("The asset is added."))
        return done(request, "web:asset", saved.uuid)
    context = {"title": _("New asset"), "form": form}
    return render(request, "web/assets/form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def edit_asset(request: SignedIn, uuid: UUID) -> HttpResponse:
    held = queries.asset(request.actor, uuid)
    request.actor.must(Verb.MANAGE, held.organisation_id)
    form = forms.AssetForm(by=request.actor, asset=held, data=asked(request))
    if form.saved():
        messages.success(request, _("Saved."))
        return done(request, "web:asset", uuid)
    context = {"title": told(_("Change %(name)s"), name=held.name), "form": form, "asset": held}
    status = 409 if form.conflict else 422 if form.is_bound else 200
    return render(request, "web/assets/form.html", context, status=status)


@require_POST
def retire_asset(request: SignedIn, uuid: UUID) -> HttpResponse:
    actions.retire_asset(by=request.actor, asset=uuid)
    messages.success(request, _("The asset is out of use: no alert is matched to it any more."))
    return done(request, "web:asset", uuid)


@require_POST
def take_up_asset(request: SignedIn, uuid: UUID) -> HttpResponse:
    try:
        actions.take_up_asset(by=request.actor, asset=uuid)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    else:
        messages.success(request, _("The asset is in use again."))
    return done(request, "web:asset", uuid)
