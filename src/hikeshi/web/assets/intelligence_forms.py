from collections.abc import Mapping, Sequence
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.assets.intelligence.codes import Catalogue, Tlp
from hikeshi.assets.intelligence.reading import MOST_BYTES, Pieces
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries.intelligence import IndicatorFile, Loaded
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.phrases import labels, refusals
from hikeshi.web import sheets

SOURCES: Mapping[str, str] = {
    Catalogue.KEV: "https://www.cisa.gov/known-exploited-vulnerabilities-catalog",
    Catalogue.ATTACK: "https://github.com/mitre-attack/attack-stix-data",
}
"""Where their makers publish them. The desk fetches nothing itself."""


class NewList(forms.Form):
    file = forms.FileField(
        label=_("File"),
        help_text=_("A STIX 2.1 bundle, MISP events as JSON, or a value a line; up to 200 MB and 500,000 values."),
    )
    title = forms.CharField(
        label=pgettext_lazy("indicator_list", "Name"), max_length=200, help_text=_("It stands beside every hit.")
    )
    origin = forms.CharField(label=_("Origin"), max_length=200, required=False, help_text=_("Who gave it to you."))
    tlp = forms.ChoiceField(
        label=_("May be passed on to"),
        required=False,
        help_text=_("Never looser than what the file says of itself."),
    )
    days = forms.IntegerField(
        label=_("Ends after (days)"),
        min_value=1,
        max_value=3_650,
        required=False,
        help_text=_("For values that name no end of their own. Empty: they hold until the list is removed."),
    )
    organisation = forms.TypedChoiceField(label=_("Whose alerts are compared with it"), coerce=UUID)

    def __init__(self, *, by: Actor, data: QueryDict | None = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]  # what Django hands to the view
        places = list(accounts.organisations(by, Verb.MANAGE))
        named = [(str(one.uuid), "\u2003" * one.depth + one.name) for one in places]
        self.fields["organisation"].choices = named  # type: ignore[attr-defined]  # a ChoiceField
        marks = [(one.value, labels.label("tlp", one)) for one in Tlp]
        self.fields["tlp"].choices = [("", _("As the file says")), *marks]  # type: ignore[attr-defined]  # as above


def pieces(file: object) -> Pieces:
    """What a form was sent, sealed on the disk where it is large. Raises Invalid."""
    if not isinstance(file, UploadedFile):
        raise Invalid("file", "required")
    if (file.size or 0) > MOST_BYTES:
        raise Invalid("file", "file_too_large", limit=MOST_BYTES // 1_048_576)
    return file.chunks


def stopped(kept: IndicatorFile) -> str:
    """Why a file under way could not be taken in."""
    if not kept.error:
        return ""
    if kept.error in refusals.SENTENCES:
        return gettext("You may no longer do this here.")
    return refusals.reason(kept.error, kept.told)


class CatalogueFile(forms.Form):
    file = forms.FileField(label=_("File"), help_text=_("As its maker publishes it; packed by gzip or zip too."))

    def body(self) -> bytes:
        """Raises Invalid."""
        return sheets.sent(self.cleaned_data["file"])[1]


class Domains(forms.Form):
    file = forms.CharField(
        label=_("Domains"),
        required=False,
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_("One on each line. Everything below a domain counts as ours too."),
    )

    def body(self) -> bytes:
        text: str = self.cleaned_data["file"]
        return text.encode()


def form_of(which: str, data: QueryDict | None, files: object, now: str = "") -> CatalogueFile | Domains:
    """Raises NotFound."""
    title(which)
    if which == Catalogue.DOMAINS:
        return Domains(data, initial={"file": now})
    return CatalogueFile(data, files)  # type: ignore[arg-type]  # what Django hands to the view


def title(which: str) -> str:
    """Raises NotFound."""
    if which not in set(Catalogue):
        raise NotFound("catalogue")
    return labels.label("catalogue", which)


def catalogues(loaded: Mapping[str, Loaded]) -> Sequence[tuple[Catalogue, Loaded | None, str]]:
    return [(one, loaded.get(one), SOURCES.get(one, "")) for one in Catalogue]
