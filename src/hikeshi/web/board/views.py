from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.accounts import queries as accounts
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.refusals import NotFound
from hikeshi.lists import actions, queries
from hikeshi.lists.codes import Board
from hikeshi.lists.permissions import Verb as Lists
from hikeshi.web import leaving, readings
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.board import forms, moving, shown
from hikeshi.web.settings.saving import saved

LONGEST: Final = 4_000


@require_GET
def board(request: SignedIn) -> HttpResponse:
    found = shown.board_page(request)
    context = {"title": _("Board"), "live": "incidents", **found}
    return render(request, "web/board/board.html", context, status=422 if found["trouble"] else 200)


@require_GET
def chosen(request: SignedIn) -> HttpResponse:
    """Without a script, and by keyboard: a card and a column were chosen."""
    request.actor.must(Verb.WORK)
    ref, by, to = (request.GET.get(name, "") for name in ("ref", "by", "to"))
    if not (ref and by and to):
        messages.error(request, _("Choose a card and where to."))
        return leaving.done(request, _board(request, by))
    kept = urlencode({"kept": request.GET.get("kept", "")})
    try:
        return redirect(f"{reverse('web:board_move', args=[ref, by, to])}?{kept}")
    except NoReverseMatch as error:
        raise NotFound("board") from error


def _board(request: SignedIn, by: str) -> str:
    """The board as it was narrowed before a card was moved; what its form does not know is left out."""
    kept = forms.Filters(QueryDict(request.GET.get("kept", "")[:LONGEST]), reading=readings.chosen(request))
    return f"{reverse('web:board')}?{kept.query(by=by if by in set(Board) else Board.PHASE)}"


@require_http_methods(["GET", "POST"])
def move(request: SignedIn, ref: str, by: str, to: str) -> HttpResponse:
    """A card dropped into a column, or the act's form where it asks for more."""
    drop = moving.Drop(request.actor, ref, to, readings.chosen(request))
    form = moving.form_of(drop, by, asked(request))
    if request.method == "POST" and form.carried_out():
        leaving.say(request, form.done)
        return leaving.done(request, _board(request, by))
    context = {"title": f"{form.incident.ref}: {form.headline}", "form": form, "ref": ref}
    return render(request, "web/room/act.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def limits(request: SignedIn) -> HttpResponse:
    request.actor.must(Lists.SHARE, accounts.root().pk)
    now = queries.column_limits()
    form = forms.Limits(asked(request), initial={**now.most, "version": now.version})
    if saved(form, lambda it: _limit(request, form)):
        messages.success(request, _("Saved."))
        return leaving.done(request, "web:board")
    return render(
        request, "web/board/limits.html", {"title": _("Limits of the columns"), "form": form}, status=form.status
    )


def _limit(request: SignedIn, form: forms.Limits) -> object:
    return actions.limit_columns(by=request.actor, limits=form.most, version=form.cleaned_data["version"])
