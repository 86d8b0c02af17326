"""Answers to common questions: looked for, read, and what their readers say of them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from hikeshi.knowledge import queries as knowledge
from hikeshi.knowledge.drafts import Mark
from hikeshi.portal import doors, keeping
from hikeshi.portal.faq import marking
from hikeshi.portal.rendering import language, shown

LONGEST = 200
MANY = 20


@doors.open_where_allowed
@never_cache
@require_GET
def faq(request: HttpRequest) -> HttpResponse:
    by, q = getattr(request, "actor", None), request.GET.get("q", "").strip()[:LONGEST]
    found = knowledge.nearest(by, q, language(), most=MANY) if q else knowledge.published(by, language())
    context = {"title": _("Answers to common questions"), "found": found, "q": q, "faq": True}
    return shown(request, "portal/faq.html", context)


@doors.open_where_allowed
@never_cache
@require_GET
def one(request: HttpRequest, answer: UUID) -> HttpResponse:
    found = knowledge.one(getattr(request, "actor", None), answer, language(), keeping.voice(request))
    return shown(request, "portal/faq_one.html", {"title": found.question, "one": found, "faq": True})


@doors.open_where_allowed
@never_cache
@require_POST
def mark(request: HttpRequest, answer: UUID, said: str) -> HttpResponse:
    voice, meant = keeping.give_voice(request), marking.meant(said)
    response = redirect("portal:faq_one", answer)
    if marking.marked(request, answer, meant, voice):
        messages.success(request, _("Good. Nothing was reported.") if meant is Mark.SOLVED else _("Thank you."))
        keeping.remember_voice(response, voice)
    return response
