from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.knowledge import actions, queries
from hikeshi.web import comparing
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.settings.answers import shown
from hikeshi.web.settings.answers.forms import Stands, Write


@require_GET
def answers(request: SignedIn) -> HttpResponse:
    filters = Stands(request.GET)
    context = {"title": _("Answers to common questions"), "filters": filters, **shown.listed(request.actor, filters)}
    return render(request, "web/settings/answers/answers.html", context)


@require_GET
def answer(request: SignedIn, answer: UUID) -> HttpResponse:
    whole = queries.whole(request.actor, answer)
    context = {"title": _("Answer to a common question"), "whole": whole, "versions": shown.versions(whole)}
    return render(request, "web/settings/answers/answer.html", {**context, "owner": shown.owner(request.actor, whole)})


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    queries.must_write(request.actor)
    form = Write(request.actor, None, 0, asked(request))
    kept = shown.kept(request, form, None)
    if kept is not None:
        messages.success(request, _("Saved. Nobody reads it before you publish it."))
        return redirect("settings:answer", kept.answer.uuid)
    return shown.page(request, form, _("New answer"))


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, answer: UUID) -> HttpResponse:
    newest = queries.whole(request.actor, answer).newest
    form = Write(request.actor, newest.terms, newest.number, asked(request))
    if shown.kept(request, form, answer) is not None:
        messages.success(request, _("Saved. People read it once you publish this version."))
        return redirect("settings:answer", answer)
    return shown.page(request, form, _("Change the answer"), answer)


@require_GET
def compare(request: SignedIn, answer: UUID) -> HttpResponse:
    whole = queries.whole(request.actor, answer)
    one, other = comparing.two(whole.numbers, request.GET)
    parts = comparing.differing(*(shown.parts(request.actor, whole.version(number)) for number in (one, other)))
    context = {"title": _("Versions of the answer"), "parts": parts, "of": answer}
    pair = {"numbers": whole.numbers, "one": one, "other": other}
    return render(request, "web/settings/answers/compare.html", {**context, **pair})


@require_POST
def publish(request: SignedIn, answer: UUID, number: int) -> HttpResponse:
    actions.publish_answer(by=request.actor, answer=answer, number=number)
    messages.success(request, _("People read this version from now on."))
    return redirect("settings:answer", answer)


@require_POST
def withdraw(request: SignedIn, answer: UUID) -> HttpResponse:
    actions.withdraw_answer(by=request.actor, answer=answer)
    messages.success(request, _("Nobody reads this answer any more."))
    return redirect("settings:answer", answer)
