from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import staff
from hikeshi.kernel.acting import Actor
from hikeshi.web import sheets
from hikeshi.web.settings import choices


class StaffList(forms.Form):
    file = forms.FileField(
        label=_("Staff list, CSV or Excel"),
        help_text=_("UTF-8, UTF-16 or Shift_JIS; up to 5,000 people. It is forgotten a day later."),
        allow_empty_file=True,
    )
    organisation = forms.ChoiceField(
        label=_("Whose list this is"),
        help_text=_("Whoever belongs there or below and is not on the list counts as gone."),
    )

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        offered = choices.organisations(by, staff.verb_of(by))
        self.fields["organisation"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["file"].widget.attrs["accept"] = sheets.ACCEPTED
