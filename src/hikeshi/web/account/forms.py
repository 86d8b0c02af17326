from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.web import languages, readings
from hikeshi.web.signin.forms import new_password

TERMS = (("30", _("30 days")), ("90", _("90 days")), ("365", _("1 year")))


def zones() -> list[tuple[str, str]]:
    return [(zone, zone) for zone in sorted(available_timezones()) if "/" in zone or zone == "UTC"]


class Profile(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)


class Preferences(forms.Form):
    language = forms.ChoiceField(label=_("Language"), choices=languages.offered)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    theme = forms.ChoiceField(
        label=_("Colours"),
        choices=(("system", _("As this device")), ("light", _("Light")), ("dark", _("Dark"))),
    )
    reading = forms.ChoiceField(label=_("Name the phases in the words of"), choices=readings.choices)


class Password(forms.Form):
    password = new_password()


class ApiToken(forms.Form):
    name = forms.CharField(label=_("What is it for?"), max_length=200)
    days = forms.ChoiceField(label=_("Ends after"), choices=TERMS, initial="90")


class Number(forms.Form):
    number = forms.IntegerField(min_value=1)
