"""Files a reporter adds: few, of bounded size, kept like every other file of the record."""

from collections.abc import Mapping, Sequence
from typing import Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hikeshi.incidents import queries as incidents
from hikeshi.incidents import uploads
from hikeshi.incidents.queries import Reporter
from hikeshi.kernel.refusals import Refusal
from hikeshi.phrases import refusals as sentences

MOST: Final = 5
MEGABYTES: Final = 10
LIMIT: Final = MEGABYTES * 1024 * 1024
"""Of all together: a form is read whole before it is understood."""


class _Several(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(
        self, data: Mapping[str, object], files: "MultiValueDict[str, UploadedFile[bytes]]", name: str
    ) -> object:
        return files.getlist(name)


class Files(forms.FileField):
    def __init__(self) -> None:
        help_text = gettext_lazy("Up to 5 files, 10 MB together.")
        too_large = gettext_lazy("Together they are larger than 10 MB. Leave some out, or make them smaller.")
        widget = _Several(attrs={"data-most": LIMIT, "data-too-large": too_large})
        super().__init__(label=gettext_lazy("Pictures or files"), required=False, help_text=help_text, widget=widget)

    def clean(self, data: "Sequence[UploadedFile[bytes]]", initial: object = None) -> "list[UploadedFile[bytes]]":
        sent = list(data or [])
        if len(sent) > MOST:
            raise forms.ValidationError(_("At most %(limit)s files at once.") % {"limit": MOST})
        if sum(one.size or 0 for one in sent) > LIMIT:
            raise forms.ValidationError(_("Together they are larger than %(limit)s MB.") % {"limit": MEGABYTES})
        return sent


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
