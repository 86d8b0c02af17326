from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.figures import actions, queries
from hikeshi.figures.codes import SHIPPED
from hikeshi.figures.terms import Said
from hikeshi.incidents.permissions import Verb
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.figures import forms, shown, taking
from hikeshi.web.settings.saving import saved


@require_GET
def show(request: SignedIn, board: UUID | None = None) -> HttpResponse:
    page = shown.page(request, board)
    context = {"title": page.title, "page": page, "live": "incidents alerts", "set_name": shown.set_name(page.terms)}
    if request.GET.get("wall") == "1":
        return render(request, "web/figures/wall.html", {**context, "theme": "dark"})
    return render(request, "web/figures/board.html", context)


@require_GET
def taken(request: SignedIn, form: str, board: UUID | None = None) -> HttpResponse:
    return taking.taken(request.actor, shown.page(request, board), form)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    asking = forms.Asking.of(request.actor, request.GET, Said("").terms)
    form = forms.Keep(request.actor, asked(request), said=Said("", SHIPPED, asking.terms(Said("").terms)))
    made = saved(form, lambda it: actions.keep_board(by=request.actor, audience=it["audience"], **form.said))
    if made:
        messages.success(request, _("The dashboard is kept."))
        return redirect("web:dashboard", made.uuid)
    context = {"title": _("New dashboard"), "form": form, "breadth": "broad"}
    return render(request, "web/figures/keep.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, board: UUID) -> HttpResponse:
    view = queries.board(request.actor, board)
    if view.row is not None:
        queries.must_change(request.actor, view.row)
    form = forms.Keep(request.actor, asked(request), said=view.said, kept=view)
    if saved(form, lambda it: _keep(request, board, form)):
        messages.success(request, _("The dashboard is kept."))
        return redirect("web:dashboard", board)
    context = {"title": _("Change this dashboard"), "form": form, "view": view, "breadth": "broad"}
    return render(request, "web/figures/keep.html", context, status=form.status)


def _keep(request: SignedIn, board: UUID, form: forms.Keep) -> object:
    version = form.cleaned_data["version"]
    return actions.keep_board(by=request.actor, board=board, version=version, **form.said)


@require_POST
def remove(request: SignedIn, board: UUID) -> HttpResponse:
    actions.remove_board(by=request.actor, board=board)
    messages.success(request, _("The dashboard is gone."))
    return redirect("web:figures")
