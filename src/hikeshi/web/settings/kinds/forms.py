from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import names
from hikeshi.incidents.catalogue import Kind as Known
from hikeshi.phrases import labels
from hikeshi.web.settings.saving import Versioned


def _courses() -> list[tuple[str, str]]:
    known = names.in_use().courses.courses
    return [(code, labels.label("course", code)) for code, spec in known.items() if not spec.retired]


class Kind(Versioned):
    ja = forms.CharField(label=_("Name in Japanese"), max_length=200)
    en = forms.CharField(label=_("Name in English"), max_length=200)
    course = forms.ChoiceField(
        label=_("Course"), choices=_courses, help_text=_("Records of this kind follow it; running ones keep theirs.")
    )
    hint_ja = forms.CharField(label=_("When to choose it, in Japanese"), max_length=300, required=False)
    hint_en = forms.CharField(label=_("When to choose it, in English"), max_length=300, required=False)
    rsit = forms.CharField(
        label=_("RSIT code"), max_length=100, required=False, help_text=_("As malicious-code/infected-system.")
    )
    veris = forms.CharField(
        label=_("VERIS code"), max_length=100, required=False, help_text=_("As action.malware.variety.Ransomware.")
    )


class NewKind(Kind):
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("For programs, rules and exports. It never changes.")
    )
    field_order = ("code",)


def starting(kind: Known, version: int) -> dict[str, object]:
    fields = ("ja", "en", "course", "hint_ja", "hint_en", "rsit", "veris")
    return {**{name: getattr(kind, name) for name in fields}, "version": version}
