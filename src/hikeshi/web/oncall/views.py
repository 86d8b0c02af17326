from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.oncall import actions
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import duty, rotas
from hikeshi.oncall.queries import feeds as feed_queries
from hikeshi.phrases import refusals
from hikeshi.phrases.wording import told
from hikeshi.web import errors
from hikeshi.web.access import SignedIn, asked, open_to_all, status_of
from hikeshi.web.leaving import done
from hikeshi.web.oncall import acting, forms, importing, shown
from hikeshi.web.oncall.editing import Editor
from hikeshi.web.submitting import submitted


@require_GET
def board(request: SignedIn) -> HttpResponse:
    page = shown.BoardPage(request.actor)
    return render(request, "web/oncall/board.html", {"title": _("On call"), "page": page, "live": "oncall"})


@require_GET
def rota(request: SignedIn, rota: UUID) -> HttpResponse:
    page = shown.RotaPage(request.actor, rota, request.GET)
    return render(request, "web/oncall/rota.html", {"title": page.row.name, "page": page, "live": "oncall"})


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    editor = Editor(request.actor, data=asked(request))
    made = editor.saved()
    if made is not None:
        messages.success(request, _("The rota is saved. Look at its gaps below."))
        return redirect("web:rota", made.uuid)
    context = {"title": _("New rota"), "editor": editor, "form": editor.form}
    return render(request, "web/oncall/edit.html", context, status=editor.status)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, rota: UUID) -> HttpResponse:
    row = rotas.rota(request.actor, rota)
    editor = Editor(request.actor, row, asked(request))
    if editor.saved() is not None:
        messages.success(request, _("The rota is saved. Look at its gaps below."))
        return redirect("web:rota", rota)
    context = {"title": told(_("Change %(name)s"), name=row.name), "editor": editor, "form": editor.form}
    return render(request, "web/oncall/edit.html", context, status=editor.status)


@require_POST
def retire(request: SignedIn, rota: UUID) -> HttpResponse:
    actions.retire_rota(by=request.actor, rota=rota)
    messages.success(request, _("Out of use: nobody is called by this rota any more."))
    return redirect("web:oncall")


@require_POST
def take_up(request: SignedIn, rota: UUID) -> HttpResponse:
    actions.take_up_rota(by=request.actor, rota=rota)
    messages.success(request, _("Back in use."))
    return redirect("web:rota", rota)


@require_POST
def restore(request: SignedIn, rota: UUID, number: int) -> HttpResponse:
    row = rotas.rota(request.actor, rota, Verb.MANAGE)
    acting.restore(request.actor, row, number, _("As in version %(number)s.") % {"number": number})
    messages.success(request, _("Saved as a new version."))
    return redirect("web:rota", rota)


@require_http_methods(["GET", "POST"])
def cover(request: SignedIn, rota: UUID) -> HttpResponse:
    row = rotas.rota(request.actor, rota)
    duty.must_put_in(request.actor, row)
    form = forms.Cover(request.actor, row, asked(request), initial=forms.spell(request.GET))
    if submitted(form, lambda it: acting.cover(request.actor, row, it)):  # type: ignore[arg-type]  # times among them
        messages.success(request, _("Put in."))
        return done(request, "web:rota", rota)
    context = {"title": _("Put somebody in: %(name)s") % {"name": row.name}, "form": form, "row": row}
    return render(request, "web/oncall/cover.html", context, status=status_of(form))


@require_POST
def take_back_cover(request: SignedIn, rota: UUID, cover: UUID) -> HttpResponse:
    actions.take_back_cover(by=request.actor, cover=cover)
    messages.success(request, _("Taken back: turns are as the layers say."))
    return redirect("web:rota", rota)


@require_http_methods(["GET", "POST"])
def swap(request: SignedIn, rota: UUID) -> HttpResponse:
    row = rotas.rota(request.actor, rota)
    form = forms.Swap(request.actor, row, asked(request))
    if submitted(form, lambda it: acting.swap(request.actor, row, it)):  # type: ignore[arg-type]  # times among them
        messages.success(request, _("Asked. Nothing changes until somebody accepts."))
        return done(request, "web:rota", rota)
    context = {"title": _("Swap a turn: %(name)s") % {"name": row.name}, "form": form, "row": row}
    return render(request, "web/oncall/swap.html", context, status=status_of(form))


@require_POST
def answer(request: SignedIn, swap: UUID, answer: str) -> HttpResponse:
    act = acting.ANSWERS.get(answer)
    if act is None:
        raise NotFound("answer")
    try:
        act(by=request.actor, swap=swap)
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    return redirect("web:oncall")


@require_http_methods(["GET", "POST"])
def absence(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    form = forms.Absence(request.actor, asked(request))
    if submitted(form, lambda it: acting.absence(request.actor, it)):  # type: ignore[arg-type]  # times among them
        messages.success(request, _("Noted. Look whether a gap came of it."))
        return done(request, "web:oncall")
    return render(request, "web/oncall/absence.html", {"title": _("Absence"), "form": form}, status=status_of(form))


@require_POST
def take_back_absence(request: SignedIn, absence: UUID) -> HttpResponse:
    actions.take_back_absence(by=request.actor, absence=absence)
    messages.success(request, _("Taken back."))
    return redirect("web:oncall")


@require_GET
def fairness(request: SignedIn, rota: UUID) -> HttpResponse:
    page = shown.Shares(request.actor, rota, request.GET)
    title = _("Who carries what: %(name)s") % {"name": page.row.name}
    return render(request, "web/oncall/fairness.html", {"title": title, "page": page, "form": page.form})


@require_http_methods(["GET", "POST"])
def feeds(request: SignedIn) -> HttpResponse:
    """POST makes an address; it is shown on that answer alone."""
    form = forms.Feed(list(rotas.rotas(request.actor)), asked(request))
    secret = submitted(form, lambda it: acting.feed(request.actor, it["rota"]))
    context = {"title": _("In my calendar"), "form": form, "secret": secret, "mine": feed_queries.mine(request.actor)}
    return render(request, "web/oncall/feeds.html", context, status=200 if secret else status_of(form))


@require_POST
def revoke_feed(request: SignedIn, feed: UUID) -> HttpResponse:
    actions.revoke_feed(by=request.actor, feed=feed)
    messages.success(request, _("This address no longer works."))
    return redirect("web:duty_feeds")


@open_to_all
@require_GET
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """For calendar programs, which cannot sign in: the address itself is the key."""
    body = shown.calendar_file(secret)
    if body is None:
        return errors.unsaid(request)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="duty.ics"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "POST"])
def import_shifts(request: SignedIn, rota: UUID) -> HttpResponse:
    page = importing.Import(request.actor, rota, asked(request), request.FILES)
    if page.done():
        messages.success(request, _("Shifts imported: %(count)s") % {"count": page.count})
        return redirect("web:rota", rota)
    context = {"title": _("Import shifts: %(name)s") % {"name": page.row.name}, "page": page, "form": page.form}
    return render(request, "web/oncall/import.html", context, status=page.status)
