from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import queries as incidents
from hikeshi.portal import doors, keeping
from hikeshi.portal.attachments import with_files
from hikeshi.portal.follow import forms, reading
from hikeshi.portal.rendering import shown


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """The code comes in the body, never in an address."""
    form = forms.Code(request.POST if request.method == "POST" else None)
    found = reading.opened(request, form)
    if found is not None:
        return reading.enter(request, found, form.cleaned_data["kept"], form.cleaned_data["praised"])
    context = {"title": _("Follow a report"), "form": form, "kept": form["kept"].value() or form["praised"].value()}
    return shown(request, "portal/follow.html", context, status=422 if form.is_bound else 200)


@never_cache
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    lines = incidents.own_reports(doors.reporter(request))
    return shown(request, "portal/mine.html", {"title": _("My reports"), "lines": lines})


@login_not_required
@never_cache
@require_GET
def one(request: HttpRequest, report: UUID) -> HttpResponse:
    by = keeping.reader(request, report)
    return reading.page(request, by, report) if by is not None else reading.ask_again(request)


@login_not_required
@never_cache
@require_POST
@with_files(lambda request, report: keeping.reader(request, report) is not None)
def write(request: HttpRequest, report: UUID) -> HttpResponse:
    by = keeping.reader(request, report)
    if by is None:
        return reading.ask_again(request)
    form = forms.Message(request, sent=True)
    if reading.written(request, by, report, form):
        messages.success(request, _("Sent. The desk has it."))
        return redirect("portal:one", report)
    return reading.page(request, by, report, message=form)


@login_not_required
@never_cache
@require_POST
def rate(request: HttpRequest, report: UUID) -> HttpResponse:
    by = keeping.reader(request, report)
    if by is None:
        return reading.ask_again(request)
    form = forms.Rating(request.POST)
    if reading.rated(by, report, form):
        messages.success(request, _("Thank you."))
        return redirect("portal:one", report)
    return reading.page(request, by, report, rating=form)


@login_not_required
@require_POST
def leave(request: HttpRequest, report: UUID) -> HttpResponse:
    response = redirect("portal:follow")
    keeping.close_report(response)
    return response
