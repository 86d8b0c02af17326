from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents.criteria import LONGEST, CriteriaField, Texts
from hikeshi.incidents.queries import criteria
from hikeshi.kernel.refusals import Conflict
from hikeshi.phrases.wording import bracketed

LANGUAGES = ("ja", "en")
NAMES = {"ja": _("Japanese"), "en": _("English")}


class Write(forms.Form):
    """Each value of the field in both languages, as Markdown."""

    why = forms.CharField(label=_("Why this change"), required=False, max_length=2_000)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, of: CriteriaField, texts: Texts, version: int, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"version": version})
        self.of, self.conflict = of, None
        for value in criteria.values(of):
            for language in LANGUAGES:
                self.fields[f"{value}-{language}"] = forms.CharField(
                    label=NAMES[language],
                    required=False,
                    max_length=LONGEST,
                    initial=texts.get(value, {}).get(language, ""),
                    widget=forms.Textarea(attrs={"rows": 2, "lang": language}),
                )

    conflict: Conflict | None

    def clean(self) -> None:
        """Said at each text that lacks, by its name: with one language emptied, a reader of it would have none."""
        super().clean()
        for value in criteria.values(self.of):
            said = {one: str(self.cleaned_data.get(f"{value}-{one}", "")).strip() for one in LANGUAGES}
            if not any(said.values()):
                continue
            for language in LANGUAGES:
                if not said[language] and f"{value}-{language}" not in self.errors:
                    self.add_error(f"{value}-{language}", self._lacks(value, language))

    def _lacks(self, value: str, language: str) -> str:
        lacking = gettext("The text for “%(word)s” lacks in this language: %(language)s. Write it, or empty both.")
        return lacking % {"word": criteria.word(self.of, value), "language": NAMES[language]}

    @property
    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        known = criteria.values(self.of)
        return [(criteria.word(self.of, value), self[f"{value}-ja"], self[f"{value}-en"]) for value in known]

    @property
    def differing(self) -> list[tuple[str, str, str]]:
        if self.conflict is None:
            return []
        theirs, yours = self.conflict.theirs, self.conflict.yours
        return [(self._name(name), theirs[name], yours[name]) for name in yours]

    def _name(self, name: str) -> str:
        value, _dash, language = name.rpartition("-")
        return f"{criteria.word(self.of, value)}{bracketed(NAMES[language])}"


def texts_of(values: Mapping[str, str], of: CriteriaField) -> dict[str, dict[str, str]]:
    return {
        value: {language: values.get(f"{value}-{language}", "") for language in LANGUAGES}
        for value in criteria.values(of)
    }
