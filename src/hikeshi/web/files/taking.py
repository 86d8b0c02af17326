"""A form with files, from a browser. Who may is asked before a byte is read; then each file is kept or refused."""

from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from hikeshi.incidents import actions, uploads
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.refusals import Invalid, Refusal
from hikeshi.kernel.vault import NoRoom, TooBig
from hikeshi.phrases import refusals as sentences
from hikeshi.web import leaving
from hikeshi.web.access import SignedIn

FIELD = "file"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken, and why, in the reader's words."""

    name: str
    sentence: str


def take(request: SignedIn, ref: str) -> HttpResponse:
    """Raises NotFound, NotAllowed."""
    actions.ask_to_attach(request.actor, ref)
    declared = request.META.get("CONTENT_LENGTH") or ""
    try:
        uploads.admit(int(declared) if declared.isdigit() else 0)
    except (TooBig, NoRoom) as refusal:
        return _answer(request, ref, 0, [Refused("", sentences.sentence(refusal))])
    handler = uploads.Sealing(request)
    request.upload_handlers = [handler]
    try:
        return _checked(request, ref, handler)
    finally:
        handler.upload_interrupted()


@csrf_protect
def _checked(request: SignedIn, ref: str, handler: uploads.Sealing) -> HttpResponse:
    """Behind the check against forgery, which reads the form: by now the files lie in the vault."""
    refused, kept = [], 0
    for file in request.FILES.getlist(FIELD):
        try:
            uploads.keep(by=request.actor, ref=ref, file=file)
            kept += 1
        except (Invalid, NoRoom) as refusal:
            refused.append(_said(file.name or "", refusal))
    if handler.refused is not None:
        refused.append(_said(*handler.refused))
    if not kept and not refused:
        refused.append(Refused("", _("Choose a file first.")))
    return _answer(request, ref, kept, refused)


def _said(name: str, refusal: Refusal) -> Refused:
    return Refused(name, sentences.sentence(refusal))


def _answer(request: SignedIn, ref: str, kept: int, refused: list[Refused]) -> HttpResponse:
    """For the page's own script in JSON, else as a page."""
    status = 422 if refused else 201
    if request.headers.get("Accept", "").startswith("application/json"):
        errors = [{"name": one.name, "sentence": one.sentence} for one in refused]
        return JsonResponse({"kept": kept, "errors": errors}, status=status)
    if not refused:
        leaving.say(request, _("Files attached: %(count)s") % {"count": kept})
        return redirect("web:room", ref)
    return page(request, ref, refused=refused, kept=kept, status=status)


def page(
    request: SignedIn, ref: str, *, refused: list[Refused] | None = None, kept: int = 0, status: int = 200
) -> HttpResponse:
    cursor = request.GET.get("cursor")
    context = {
        "title": _("Files of %(ref)s") % {"ref": ref},
        "ref": ref,
        "page": incidents.files_page(request.actor, ref, cursor=cursor),
        "cursor": cursor,
        "may_attach": incidents.may_attach(request.actor, ref),
        "file_limit": incidents.file_limit(),
        "refused": refused or [],
        "kept": kept,
    }
    return render(request, "web/files/page.html", context, status=status)
