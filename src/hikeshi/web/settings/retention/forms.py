from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.web.settings.saving import Versioned


class Period(Versioned):
    """Asks whether it is meant only once there is something to mean."""

    days = forms.IntegerField(
        label=_("Days"),
        required=False,
        min_value=1,
        max_value=36_525,
        help_text=_("Empty: kept until somebody decides."),
    )
    sure = forms.BooleanField(label=_("Yes, that is meant"), required=False)

    @property
    def asks(self) -> bool:
        """What is no number of days at all cannot be meant."""
        return any(not one.code for one in self.errors.as_data().get("days", ()))
