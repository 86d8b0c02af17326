"""The call sheet: on the screen, on paper, and in which order."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.accounts import actions, queries
from hikeshi.accounts import sheets as reads
from hikeshi.accounts.permissions import Verb
from hikeshi.documents import pdf
from hikeshi.documents.tree import Paper
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.phrases import refusals
from hikeshi.phrases.wording import told
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.contacts import forms, paper_sheet


@require_GET
def home(request: SignedIn) -> HttpResponse:
    """The reader's own organisation's, else the topmost they see."""
    request.actor.must(Verb.VIEW)
    me = queries.myself(request.actor)
    seen = queries.organisations(request.actor).filter(retired_at=None).order_by("path")
    own = seen.filter(pk=me.organisation_id).first() if me else None
    chosen = own or seen.first()
    if chosen is None:
        raise NotFound("organisation")
    return redirect("web:call_sheet", chosen.uuid)


@require_GET
def sheet(request: SignedIn, organisation: UUID) -> HttpResponse:
    place = queries.organisation(request.actor, organisation)
    places = queries.organisations(request.actor).filter(retired_at=None).order_by("path")[:200]
    may = {"may_manage": request.actor.may(Verb.MANAGE, place.pk), "places": places}
    context = {"title": _("Contacts"), "sheet": reads.sheet(request.actor, place), "place": place}
    return render(request, "web/contacts/sheet.html", {**context, **may, "breadth": "broad"})


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, organisation: UUID) -> HttpResponse:
    place = queries.organisation(request.actor, organisation, Verb.MANAGE)
    now = reads.sheet(request.actor, place)
    offered = {"offered": forms.callable_by(request.actor, now)}
    first = forms.first_lines(now.called)
    lines = forms.CallLines(asked(request), initial=first, prefix="lines", form_kwargs=offered)
    wrong = ""
    if lines.is_bound and lines.is_valid():
        try:
            actions.set_call_sheet(by=request.actor, organisation=organisation, lines=forms.call_lines(lines))
        except Invalid as refusal:
            wrong = refusals.sentence(refusal)
        else:
            messages.success(request, _("The call sheet is saved."))
            return redirect("web:call_sheet", organisation)
    title = told(_("Call sheet of %(name)s"), name=place.name)
    context = {"title": title, "lines": lines, "place": place, "wrong": wrong}
    return render(request, "web/contacts/edit_sheet.html", context, status=422 if lines.is_bound else 200)


@require_GET
def paper(request: SignedIn, organisation: UUID) -> HttpResponse:
    """``lang``: whoever reads it on paper may read another language than whoever prints it."""
    place = queries.organisation(request.actor, organisation)
    found = reads.sheet(request.actor, place)
    lang = request.GET.get("lang") or get_language() or "en"
    if lang not in dict(settings.LANGUAGES):
        raise NotFound("language")
    size = Paper.A3 if request.GET.get("paper") == Paper.A3 else Paper.A4
    with translation.override(lang):
        body = pdf.render(paper_sheet.document(found, lang, request.actor.name, size))
    response = HttpResponse(body, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="call-sheet-{lang}-{size}.pdf"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
