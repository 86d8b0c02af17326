"""A report on its way in: at its sender's pace, then kept, then thanked for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hikeshi.accounts.refusals import Wait
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.actions import Received
from hikeshi.incidents.reporting import Knock
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import refusals as sentences
from hikeshi.portal import doors, keeping
from hikeshi.portal.report.forms import Report


def sent(request: HttpRequest, form: Report) -> Received | None:
    """None if nothing was sent, or something is wrong with it: the form says what. Raises NotAllowed."""
    if not form.is_bound or not form.is_valid():
        return None
    by = doors.reporter(request)
    try:
        received = doors.paced(
            request,
            Knock.REPORT,
            lambda: form.report(by),
            counts=lambda done: not done.again,
        )
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, sentences.sentence(refusal))
        return None
    except Wait as refusal:
        form.add_error(None, sentences.sentence(refusal))
        return None
    for lost in form.add_files(received):
        messages.error(request, _("A file could not be kept: %(what)s") % {"what": lost})
    return received


def thanks(request: HttpRequest, received: Received) -> HttpResponse:
    """People with an account find their reports under their name; others get the code, and the report is open to them
    for an hour.
    """
    if request.user.is_authenticated:
        messages.success(request, _("We have your report. You can follow it here."))
        return redirect("portal:one", received.reporter.uuid)
    response = redirect("portal:sent")
    keeping.show_code(response, received)
    keeping.open_report(response, incidents.actor_of(received.reporter))
    return response
