from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import follow_codes
from hikeshi.incidents.reporting import Purpose
from hikeshi.portal import doors, keeping, switching
from hikeshi.portal.attachments import with_files
from hikeshi.portal.rendering import shown
from hikeshi.portal.report import alike, choosing, naming, sending
from hikeshi.portal.report.forms import Report


@doors.open_where_allowed
@never_cache
@require_http_methods(["GET", "POST"])
@with_files(lambda *_, **__: True)
def new(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    if switching.asked(request):
        return switching.again(request, lambda: _page(request, Report(request, purpose, switching.typed(request))))
    form = Report(request, purpose)
    received = sending.sent(request, form)
    return sending.thanks(request, received) if received else _page(request, form)


@doors.open_where_allowed
@never_cache
@require_http_methods(["GET", "POST"])
@with_files(lambda *_, **__: True)
def by_form(request: HttpRequest, form: UUID) -> HttpResponse:
    """A form of the site; one begun in an earlier version goes on in that."""
    of = choosing.wanted(request, form)
    purpose = Purpose(of.definition.use)
    if switching.asked(request):
        typed = switching.typed(request)
        return switching.again(request, lambda: _page(request, Report(request, purpose, typed, of=of)))
    filled = Report(request, purpose, of=of)
    received = sending.sent(request, filled)
    return sending.thanks(request, received) if received else _page(request, filled)


def _page(request: HttpRequest, form: Report) -> HttpResponse:
    forms = choosing.offered(request, form)
    context = {"title": _("Report something"), "form": form, "purpose": form.purpose, "offered": forms}
    return shown(request, "portal/report.html", context, status=422 if form.is_bound else 200)


@doors.open_where_allowed
@never_cache
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Asked while somebody types; a part of the page."""
    return render(request, "portal/alike.html", {"alike": alike.found(request)})


@doors.open_where_allowed
@never_cache
@require_POST
def name(request: HttpRequest, form: UUID, number: int, key: str) -> HttpResponse:
    """Asked while somebody types: what of the site a question's words may mean; a part of the page."""
    return render(request, "web/parts/naming.html", {"naming": naming.found(request, form, number, key)})


@doors.open_where_allowed
@never_cache
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    found = keeping.shown_code(request)
    if found is None:
        return redirect("portal:follow")
    context = {"title": _("We have your report"), "sent": found, "spelt": follow_codes.spelt(found.code)}
    return shown(request, "portal/sent.html", context)
