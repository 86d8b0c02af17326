from django import forms
from django.conf import settings

from hikeshi.web import readings


class Preferences(forms.Form):
    """What the switches of shell and room send; each button sends its own."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = forms.ChoiceField(choices=[(theme, theme) for theme in ("system", "light", "dark")], required=False)
    density = forms.ChoiceField(choices=[(one, one) for one in ("roomy", "close")], required=False)
    reading = forms.ChoiceField(choices=readings.choices, required=False)
