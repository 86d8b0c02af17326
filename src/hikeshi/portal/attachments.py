"""Files a reporter adds: few, bounded together, sealed as they come and kept like every other file of the record.

A stranger may bring less than a colleague, only while the disk has room to spare, and not faster than reports may come.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from hikeshi.incidents import queries as incidents
from hikeshi.incidents import uploads
from hikeshi.incidents.queries import Reporter
from hikeshi.incidents.reporting import Knock
from hikeshi.kernel.refusals import NotAllowed, Refusal
from hikeshi.kernel.vault import TooBig
from hikeshi.phrases import refusals as sentences
from hikeshi.portal import doors

MOST: Final = 5
STRANGERS: Final = 200
"""Megabytes that somebody without an account may send at once."""
MEGABYTE: Final = 1_000_000
SPARE: Final = 4
"""How many times as much as anybody else's files those of strangers leave free on the disk."""
View = Callable[..., HttpResponse]


class _Several(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(
        self, data: Mapping[str, object], files: "MultiValueDict[str, UploadedFile[bytes]]", name: str
    ) -> object:
        return files.getlist(name)


class Files(forms.FileField):
    """Stands last in its form: what comes before it has been read when a file is refused."""

    refused: Refusal | None = None
    megabytes: int = STRANGERS

    def __init__(self) -> None:
        super().__init__(label=gettext_lazy("Pictures or files"), required=False, widget=_Several)

    def settle(self, request: HttpRequest) -> None:
        """How much this sender may bring, and what became of what was brought."""
        for handler in request.upload_handlers:
            if isinstance(handler, uploads.Several) and handler.refused is not None:
                self.refused = handler.refused[1]
        most = _most(request)
        self.megabytes = most // MEGABYTE
        named = {"files": MOST, "limit": f"{self.megabytes:,}"}
        self.help_text = _("Up to %(files)s files, %(limit)s MB together.") % named
        self.widget.attrs.update({"data-most": most, "data-too-large": self._too_large()})

    def clean(self, data: "Sequence[UploadedFile[bytes]]", initial: object = None) -> "list[UploadedFile[bytes]]":
        sent = list(data or [])
        if self.refused is not None:
            too_large = isinstance(self.refused, TooBig)
            raise forms.ValidationError(self._too_large() if too_large else sentences.sentence(self.refused))
        if len(sent) > MOST:
            raise forms.ValidationError(_("At most %(limit)s files at once.") % {"limit": MOST})
        return sent

    def _too_large(self) -> str:
        said = _("Together they are larger than %(limit)s MB. Leave some out, or make them smaller.")
        return said % {"limit": f"{self.megabytes:,}"}


def settle_files(form: forms.Form, request: HttpRequest) -> None:
    field = form.fields["attached"]
    if isinstance(field, Files):
        field.settle(request)


def with_files(may: Callable[..., bool]) -> Callable[[View], View]:
    """For a view whose form may bring files. ``may`` is asked before a byte is read: where it says no, no file is
    taken. For the page's own script a way on is told instead of gone, so that what is said there is read once.
    """

    def decorate(view: View) -> View:
        checked = csrf_protect(view)

        @csrf_exempt  # checked one step further in, once the files of the form have somewhere to go
        @wraps(view)
        def taking(request: HttpRequest, *arguments: object, **named: object) -> HttpResponse:
            if request.method != "POST":
                return checked(request, *arguments, **named)
            allowed = may(request, *arguments, **named)
            handler = uploads.Several(request, limit=_most(request), asked=_asked(request, allowed=allowed))
            request.upload_handlers = [handler]
            try:
                return _told(request, checked(request, *arguments, **named))
            finally:
                handler.upload_interrupted()

        return taking

    return decorate


def _most(request: HttpRequest) -> int:
    most = incidents.file_limit()
    return most if request.user.is_authenticated else min(most, STRANGERS * MEGABYTE)


def _asked(request: HttpRequest, *, allowed: bool) -> Callable[[int], None]:
    def asked(size: int) -> None:
        """Raises NotAllowed, Wait, NoRoom."""
        if not allowed:
            raise NotAllowed("attach")
        if not request.user.is_authenticated:
            uploads.leave_free(size, times=SPARE)
            doors.paced(request, Knock.REPORT, lambda: None, counts=lambda _: False)

    return asked


def _told(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if not isinstance(response, HttpResponseRedirect) or request.headers.get("Accept") != "application/json":
        return response
    told = JsonResponse({"to": response.url}, status=201)
    told.cookies = response.cookies
    return told


def add_files(row: Reporter, sent: "Sequence[UploadedFile[bytes]]") -> list[str]:
    """Adds what is not there yet (a form may come twice); what could not be kept, in words."""
    by = incidents.actor_of(row)
    there = {(one.name, one.size) for one in incidents.own_files(row)}
    lost = []
    for one in sent:
        if (one.name, one.size) in there:
            continue
        try:
            uploads.keep(by=by, ref=row.incident.ref, file=one)
        except Refusal as refusal:
            lost.append(f"{one.name}: {sentences.sentence(refusal)}")
    return lost
