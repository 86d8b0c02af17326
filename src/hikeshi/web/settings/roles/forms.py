from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts.roles import ROLES
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels


class Role(forms.Form):
    """Offers what its writer holds for the whole site: nobody grants what they do not hold."""

    name = forms.CharField(label=_("Name"), max_length=100)
    verbs = forms.MultipleChoiceField(label=_("May"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, by: Actor, root: int, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        held = [verb for verb in ROLES["administrator"] if by.may(verb, root)]
        self.fields["verbs"].choices = [(verb, labels.label("verb", verb)) for verb in held]  # type: ignore[attr-defined]  # a choice field


class NewRole(Role):
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("For programs: small letters, digits, _ or -. It stays as it is.")
    )
    field_order = ("name", "code", "verbs")
