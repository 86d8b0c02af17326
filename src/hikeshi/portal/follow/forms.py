from typing import Final

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import follow_codes
from hikeshi.phrases import labels
from hikeshi.portal import stamps
from hikeshi.portal.attachments import Files, settle_files

TEXT: Final = 20_000


class Code(forms.Form):
    """``kept``: words somebody wrote when the hour was over; ``praised``, those of a rating."""

    code = forms.CharField(
        label=_("Follow code"),
        help_text=_("20 letters and digits, as you wrote them down. Blanks and hyphens do not matter."),
        max_length=100,
        widget=forms.TextInput(
            attrs={"class": "code", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    kept = forms.CharField(required=False, max_length=TEXT, widget=forms.HiddenInput)
    praised = forms.CharField(required=False, max_length=TEXT, widget=forms.HiddenInput)

    def clean_code(self) -> str:
        code = follow_codes.tidy(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(_("A letter is wrong or missing. The code never holds 0, 1, I, L or O."))
        return code


class Message(forms.Form):
    """To the desk; ``question`` is the one it answers."""

    text = forms.CharField(
        label=_("Your message"), max_length=TEXT, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    attached = Files()
    question = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reopens = forms.BooleanField(required=False, widget=forms.HiddenInput)
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, *, sent: bool = False, text: str = "") -> None:
        initial = {"text": text, "stamp": stamps.fresh()}
        super().__init__(request.POST if sent else None, request.FILES if sent else None, initial=initial)
        settle_files(self, request)

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        if not str(said.get("text") or "").strip() and not said.get("attached") and "text" not in self.errors:
            self.add_error("text", _("Write something, or add a file."))
        return said

    def clean_stamp(self) -> str:
        """Only tells one posting from the next; without a good one, each counts."""
        stamp = stamps.read(self.cleaned_data["stamp"])
        return stamp.number if stamp else ""


class Rating(forms.Form):
    score = forms.TypedChoiceField(label=_("How was it?"), coerce=int, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What should we do better?"),
        max_length=TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, data: object = None, words: str = "") -> None:
        super().__init__(data, initial={"words": words})  # type: ignore[arg-type]  # a QueryDict, or None
        field = self.fields["score"]
        if isinstance(field, forms.ChoiceField):
            field.choices = labels.choices("satisfaction")
