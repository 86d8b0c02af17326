from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hikeshi.phrases import labels
from hikeshi.web import readings
from hikeshi.web.choosing import offer


class Report(forms.Form):
    lang = forms.ChoiceField(label=_("Language"), widget=forms.RadioSelect)
    form = forms.ChoiceField(label=_("As"), widget=forms.RadioSelect)
    reading = forms.ChoiceField(label=_("Name the phases in the words of"), choices=readings.choices)

    def __init__(self, data: QueryDict | None = None, *, reading: str) -> None:
        super().__init__(data, initial={"lang": get_language(), "form": "pdf", "reading": reading})
        offer(self, "lang", labels.choices("report_language"))
        offer(self, "form", labels.choices("report_form"))
