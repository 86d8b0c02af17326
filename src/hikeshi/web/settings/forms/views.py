from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.forms import actions, queries
from hikeshi.web import comparing
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.settings.forms import shown
from hikeshi.web.settings.forms.drawing import Drawing


@require_GET
def forms(request: SignedIn) -> HttpResponse:
    context = {"title": _("Forms"), "lines": queries.lines(request.actor)}
    return render(request, "web/settings/forms/forms.html", context)


@require_GET
def form(request: SignedIn, form: UUID) -> HttpResponse:
    whole = queries.whole(request.actor, form)
    context = {"title": shown.title(whole), "whole": whole, "versions": shown.versions(whole)}
    return render(request, "web/settings/forms/form.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    queries.must_make(request.actor)
    drawing = Drawing(request.actor, asked(request), None, 0)
    kept = shown.kept(request.actor, drawing, None)
    if kept is not None:
        messages.success(request, _("Saved. Nobody sees it before you offer it."))
        return redirect("settings:form", kept.form.uuid)
    return shown.page(request, drawing, _("New form"))


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, form: UUID) -> HttpResponse:
    newest = queries.whole(request.actor, form).newest
    drawing = Drawing(request.actor, asked(request), newest.terms, newest.number)
    if shown.kept(request.actor, drawing, form) is not None:
        messages.success(request, _("Saved. People see it once you offer this version."))
        return redirect("settings:form", form)
    return shown.page(request, drawing, _("Change the form"), form)


@require_GET
def preview(request: SignedIn, form: UUID, number: int) -> HttpResponse:
    """As people will see it; nothing can be sent from here."""
    whole = queries.whole(request.actor, form)
    context = shown.preview(request.actor, whole, whole.version(number), request.GET)
    return render(request, "web/settings/forms/preview.html", context)


@require_GET
def compare(request: SignedIn, form: UUID) -> HttpResponse:
    whole = queries.whole(request.actor, form)
    one, other = comparing.two(whole.numbers, request.GET)
    parts = comparing.differing(*(shown.parts(whole.version(number)) for number in (one, other)))
    context = {"title": _("Versions of the form"), "parts": parts, "of": form, "name": shown.title(whole)}
    pair = {"numbers": whole.numbers, "one": one, "other": other}
    return render(request, "web/settings/forms/compare.html", {**context, **pair})


@require_POST
def offer(request: SignedIn, form: UUID, number: int) -> HttpResponse:
    actions.offer_form(by=request.actor, form=form, number=number)
    messages.success(request, _("People see this version from now on."))
    return redirect("settings:form", form)


@require_POST
def withdraw(request: SignedIn, form: UUID) -> HttpResponse:
    actions.withdraw_form(by=request.actor, form=form)
    messages.success(request, _("Nobody is shown this form any more."))
    return redirect("settings:form", form)
