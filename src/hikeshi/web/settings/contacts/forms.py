from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.kernel.acting import Actor
from hikeshi.web.settings import choices
from hikeshi.web.settings.saving import Versioned


class Rules(Versioned):
    stale_days = forms.IntegerField(
        label=_("A contact is stale after (days)"),
        min_value=1,
        max_value=3_650,
        help_text=_("Since somebody last answered there. Stale ones are marked wherever they are relied on."),
    )
    check_days = forms.IntegerField(
        label=_("The desk asks for an answer every (days)"),
        min_value=0,
        max_value=3_650,
        help_text=_("By message, people who work on records or stand on a call sheet. 0: it never asks."),
    )
    answer_hours = forms.IntegerField(label=_("No answer counts as silence after (hours)"), min_value=1, max_value=720)
    keeper = forms.ChoiceField(
        label=_("Who looks after contacts"),
        required=False,
        help_text=_("They hear of stale entries that nobody else keeps."),
    )
    country = forms.CharField(
        label=_("Country of telephone numbers without a country code"),
        max_length=2,
        help_text=_("Two letters, such as JP."),
    )

    def __init__(self, by: Actor, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        people = [("", str(_("Nobody"))), *choices.people(by)]
        self.fields["keeper"].choices = people  # type: ignore[attr-defined]  # a ChoiceField
