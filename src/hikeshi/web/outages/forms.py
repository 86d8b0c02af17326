"""How the list of outages is narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.web import filtering
from hikeshi.web.choosing import offer


class Stands(filtering.Filters):
    TABS = (
        "stand",
        (("all", _("All")), ("going", _("Going on")), ("late", _("Longer than expected")), ("over", _("Over"))),
    )

    q = forms.CharField(label=_("Words of it, or a number"), required=False)
    stand = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        offer(self, "stand", [(code, code) for code, _word in self.TABS[1]])
