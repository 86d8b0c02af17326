"""A report as whoever made it reads it, and what they may add."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from hikeshi.accounts.refusals import Wait
from hikeshi.forms import queries as site_forms
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.reporting import Knock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound, Refusal
from hikeshi.phrases import refusals as sentences
from hikeshi.portal import doors, keeping
from hikeshi.portal.attachments import add_files
from hikeshi.portal.follow import forms
from hikeshi.portal.rendering import shown


def opened(request: HttpRequest, form: forms.Code) -> Actor | None:
    """Whoever bears the code; a wrong one counts against this network alone."""
    if not form.is_bound or not form.is_valid():
        return None
    code = form.cleaned_data["code"]
    try:
        found = doors.paced(
            request, Knock.FOLLOW, lambda: incidents.reporter_with(code), counts=lambda actor: actor is None
        )
    except Wait as refusal:
        form.add_error(None, sentences.sentence(refusal))
        return None
    if found is None:
        form.add_error("code", _("No report has this code. Check it letter by letter."))
    return found


def enter(request: HttpRequest, by: Actor, kept: str, praised: str) -> HttpResponse:
    """To the report; words kept from before stand in their forms again."""
    report = incidents.reports_of(by).get().uuid
    typed = forms.Message(request, text=kept) if kept else None
    rating = forms.Rating(words=praised) if praised else None
    again = typed is not None or rating is not None
    response = page(request, by, report, message=typed, rating=rating) if again else redirect("portal:one", report)
    keeping.open_report(response, by)
    return response


def ask_again(request: HttpRequest) -> HttpResponse:
    """The hour is over, or this is somebody else's: the code is asked for, and what was typed is not lost."""
    text, praised = request.POST.get("text", ""), request.POST.get("words", "")
    form = forms.Code(initial={"kept": text, "praised": praised})
    if request.method == "POST":
        messages.error(request, _("The hour for this report is over. Enter the code again to go on."))
    context = {"title": _("Follow a report"), "form": form, "kept": text or praised}
    return shown(request, "portal/follow.html", context, status=403)


def page(
    request: HttpRequest,
    by: Actor,
    report: UUID,
    *,
    message: forms.Message | None = None,
    rating: forms.Rating | None = None,
) -> HttpResponse:
    own = incidents.own_report(by, report)
    context = {
        "title": _("Report %(ref)s") % {"ref": own.ref},
        "own": own,
        "told": [] if own.reporter.erased_at else site_forms.told(own.reporter),
        "message": message or forms.Message(request),
        "rating": rating or forms.Rating(words=own.rating.words if own.rating else ""),
        "by_code": not request.user.is_authenticated,
    }
    wrong = any(form is not None and form.is_bound for form in (message, rating))
    return shown(request, "portal/one.html", context, status=422 if wrong else 200)


def written(request: HttpRequest, by: Actor, report: UUID, form: forms.Message) -> bool:
    """Whether it was sent; where not, the form says why. Raises NotFound."""
    if not form.is_valid():
        return False
    said = form.cleaned_data
    named = ", ".join(str(one.name) for one in said["attached"])
    text = said["text"].strip() or _("Added files: %(names)s") % {"names": named}  # so that the desk hears of them
    words = {"text": text, "question": said["question"], "reopens": said["reopens"], "nonce": said["stamp"]}
    try:
        doors.paced(request, Knock.WRITE, lambda: actions.write_to_desk(by=by, report=report, **words))
    except NotFound:
        form.add_error(None, _("This question has been answered or withdrawn meanwhile."))
        return False
    except (Invalid, Wait) as refusal:
        form.add_error("text", sentences.sentence(refusal))
        return False
    row = incidents.reports_of(by).get(uuid=report)
    for lost in add_files(row, said["attached"]):
        messages.error(request, _("A file could not be kept: %(what)s") % {"what": lost})
    return True


def rated(by: Actor, report: UUID, form: forms.Rating) -> bool:
    """Whether it was kept; where not, the form says why."""
    if not form.is_valid():
        return False
    try:
        actions.rate(by=by, report=report, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, sentences.sentence(refusal))
        return False
    return True
