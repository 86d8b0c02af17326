from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.accounts.permissions import Verb as Accounts
from hikeshi.intake import actions
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import sourcing
from hikeshi.phrases.wording import told
from hikeshi.web import comparing
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.leaving import done
from hikeshi.web.settings.sources import shown
from hikeshi.web.settings.sources.editing import Editor
from hikeshi.web.settings.sources.watching import WatchForm
from hikeshi.web.submitting import submitted


@require_GET
def sources(request: SignedIn) -> HttpResponse:
    found = sourcing.lines(request.actor)
    may = {"may_write": sourcing.may_write(request.actor), "may_manage": request.actor.may(Accounts.MANAGE)}
    return render(request, "web/settings/sources/list.html", {"title": _("Sources"), "sources": found, **may})


@require_GET
def source(request: SignedIn, code: str) -> HttpResponse:
    page = shown.SourcePage(request.actor, sourcing.source(request.actor, code), get_language() or "en", request.GET)
    may = {"may_write": sourcing.may_write(request.actor), "may_manage": request.actor.may(Accounts.MANAGE)}
    context = {"title": page.title, "source": page, "line": page.whole.line, **may}
    return render(request, "web/settings/sources/source.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    editor = Editor(request.actor, data=asked(request))
    if editor.saved():
        messages.success(request, _("Saved. Make a token next, then send it a first alert."))
        return done(request, "settings:source", editor.code)
    context = {"title": _("Map a new source"), "editor": editor, "form": editor.form, "preview": editor.preview}
    return render(request, "web/settings/sources/edit.html", context, status=editor.status)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str) -> HttpResponse:
    editor = Editor(request.actor, code, asked(request), request.GET.get("parked", ""))
    if editor.saved():
        messages.success(request, _("Saved. What comes from now on is read with it."))
        return done(request, "settings:source", code)
    context = {"title": _("Mapping of %(code)s") % {"code": code}, "editor": editor, "form": editor.form}
    more = {"preview": editor.preview}
    return render(request, "web/settings/sources/edit.html", {**context, **more}, status=editor.status)


@require_http_methods(["GET", "POST"])
def watch(request: SignedIn, code: str) -> HttpResponse:
    sourcing.must_write(request.actor)
    line = sourcing.source(request.actor, code).line
    form = WatchForm(request.actor, line, asked(request))
    if submitted(form, lambda values: actions.watch_source(by=request.actor, code=code, **values)):  # type: ignore[arg-type]  # a number among them
        messages.success(request, _("Saved."))
        return done(request, "settings:source", code)
    context = {"title": told(_("Owner and silence of %(code)s"), code=shown.name_of(line)), "form": form, "code": code}
    return render(request, "web/settings/sources/watch.html", context, status=status_of(form))


@require_POST
def take_out(request: SignedIn, code: str) -> HttpResponse:
    actions.take_out_source(by=request.actor, code=code)
    messages.success(request, _("The site's own mapping is out of use. Its versions and its alerts stay."))
    return done(request, "settings:source", code)


@require_POST
def replay(request: SignedIn, code: str) -> HttpResponse:
    request.actor.must(Verb.MANAGE)
    progress = actions.replay_source(by=request.actor, code=code, **shown.places(request.POST))
    totals = shown.added(request.POST, progress)
    return redirect(shown.address(code, totals))


@require_GET
def compare(request: SignedIn, code: str) -> HttpResponse:
    whole = sourcing.source(request.actor, code)
    one, other = comparing.two(whole.numbers, request.GET)
    parts = comparing.differing(*(shown.parts(whole.version(number).terms) for number in (one, other)))
    context = {
        "title": told(_("Versions of %(code)s"), code=shown.name_of(whole.line)),
        "source": whole,
        "parts": parts,
    }
    context |= {"numbers": whole.numbers, "one": one, "other": other}
    return render(request, "web/settings/sources/compare.html", context)


@require_POST
def restore(request: SignedIn, code: str, number: int) -> HttpResponse:
    sourcing.must_write(request.actor)
    terms = sourcing.source(request.actor, code).version(number).terms
    why = _("As in version %(number)s.") % {"number": number}
    actions.save_source(by=request.actor, code=code, terms=terms, why=why)
    messages.success(request, _("Saved. What comes from now on is read with it."))
    return done(request, "settings:source", code)
