from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.kernel.acting import Actor
from hikeshi.web.account.forms import TERMS
from hikeshi.web.settings import choices


class IntakeToken(forms.Form):
    source = forms.ChoiceField(label=_("Source"), choices=choices.sources)
    scope = forms.ChoiceField(label=_("How does it prove itself?"), choices=choices.proofs, initial="intake")
    secret = forms.CharField(
        label=_("Secret of the maker"),
        max_length=200,
        required=False,
        help_text=_("Only where it signs with a secret it chose itself. Left empty, the desk makes one."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    organisation = forms.ChoiceField(label=_("Whose alerts?"))
    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, help_text=_("To tell two of one source apart.")
    )
    days = forms.ChoiceField(label=_("Ends after"), choices=(*TERMS, ("", _("Never"))), initial="365", required=False)

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.fields["organisation"].choices = choices.organisations(by)  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        if given.get("secret") and given.get("scope") == "intake":
            self.add_error("secret", _("A token is made by the desk. To keep a maker's secret, choose to sign."))
        return given
