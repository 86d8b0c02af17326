from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.kernel.acting import Actor
from hikeshi.web.account.forms import TERMS
from hikeshi.web.settings import choices


class IntakeToken(forms.Form):
    source = forms.ChoiceField(label=_("Source"), choices=choices.sources)
    organisation = forms.ChoiceField(label=_("Whose alerts?"))
    name = forms.CharField(
        label=_("Name"), max_length=200, required=False, help_text=_("To tell two of one source apart.")
    )
    days = forms.ChoiceField(label=_("Ends after"), choices=(*TERMS, ("", _("never"))), initial="365", required=False)

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.fields["organisation"].choices = choices.organisations(by)  # type: ignore[attr-defined]  # a ChoiceField
