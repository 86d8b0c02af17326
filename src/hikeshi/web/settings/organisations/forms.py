from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.kernel.acting import Actor
from hikeshi.web.settings import choices


class NewOrganisation(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    parent = forms.ChoiceField(label=_("Belongs to"))

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.fields["parent"].choices = choices.organisations(by)  # type: ignore[attr-defined]  # a ChoiceField


class Rename(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)


class Move(forms.Form):
    parent = forms.ChoiceField(label=_("Belongs to"))

    def __init__(self, by: Actor, moving: UUID, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.fields["parent"].choices = choices.moved_below(by, moving)  # type: ignore[attr-defined]  # a ChoiceField
