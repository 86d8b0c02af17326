from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts.currencies import CURRENCIES
from hikeshi.web import readings
from hikeshi.web.account.forms import zones
from hikeshi.web.settings.saving import Versioned


class Site(Versioned):
    name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("Shown on every page, in messages and in reports.")
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages offered"), choices=settings.LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(
        label=_("Default language"),
        choices=settings.LANGUAGES,
        help_text=_("For newcomers, and for messages to people without an account."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zones,
        help_text=_("Numbers begin anew with its year; the standard calendar keeps it."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        choices=[(one, one) for one in CURRENCIES],
        required=False,
        help_text=_("Costs are written in it from now on; those written before keep theirs."),
    )
    reading = forms.ChoiceField(
        label=_("Name the phases in the words of"),
        choices=readings.choices,
        required=False,
        help_text=_("Everybody may choose others for themselves."),
    )
    notice = forms.CharField(
        label=_("Message of the day"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands above every page until it is taken away."),
    )
