from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.reports import issuing, making
from hikeshi.reports.codes import State
from hikeshi.reports.making import Made
from hikeshi.web import readings
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.reports import forms


@require_http_methods(["GET", "POST"])
def report(request: SignedIn, ref: str) -> HttpResponse:
    """What there is to have; a POST issues one."""
    record, reading = incidents.incident(request.actor, ref), readings.chosen(request)
    form = forms.Report(asked(request), reading=reading)
    if form.is_valid():
        chosen = form.cleaned_data
        kind, lang = chosen["form"], chosen["lang"]
        return sent(issuing.issue(request.actor, ref, form=kind, language=lang, reading=chosen["reading"]))
    may = {"may_issue": request.actor.may(Verb.WORK, record.organisation_id), "state": State.of_issue(record.status)}
    context = {"title": _("Incident report of %(ref)s") % {"ref": record.ref}, "form": form, "record": record}
    return render(request, "web/reports/report.html", {**context, **may, "reading": reading}, status=status_of(form))


@require_GET
def copy(request: SignedIn, ref: str, form: str) -> HttpResponse:
    lang = request.GET.get("lang") or get_language() or "en"
    return sent(making.make(request.actor, ref, form=form, language=lang, reading=request.GET.get("reading", "")))


def sent(made: Made) -> HttpResponse:
    response = HttpResponse(made.content, content_type=made.content_type)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
