from django import forms
from django.conf import settings


class Preferences(forms.Form):
    """What the two switches of the shell send; each button sends its own."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = forms.ChoiceField(choices=[(theme, theme) for theme in ("system", "light", "dark")], required=False)
