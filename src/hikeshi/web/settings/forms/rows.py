"""One question on the page where a form is made."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.forms.checking import codes_of
from hikeshi.forms.definitions import (
    CHOOSING,
    DECIDING,
    HELP,
    LINE,
    Choice,
    Field,
    FieldKind,
    Text,
    When,
)
from hikeshi.phrases import labels

Raw = dict[str, object]
PARTS: Final = (
    *("key", "codes", "kind", "label_ja", "label_en", "help_ja", "help_en"),
    *("required", "choices_ja", "choices_en", "low", "high", "when"),
)


def _kinds() -> list[tuple[str, str]]:
    return labels.choices("field_kind")


class Question(forms.Form):
    """Whatever is typed in both languages stands side by side; what a kind has no use for is left alone."""

    key = forms.CharField(max_length=8, widget=forms.HiddenInput)
    codes = forms.CharField(required=False, widget=forms.HiddenInput)
    label_ja = forms.CharField(label=_("Question in Japanese"), max_length=LINE, required=False)
    label_en = forms.CharField(label=_("Question in English"), max_length=LINE, required=False)
    kind = forms.ChoiceField(label=_("Is answered with"), choices=_kinds)
    required = forms.BooleanField(label=_("An answer is required"), required=False)
    choices_ja = forms.CharField(
        label=_("Choices in Japanese, a line for each"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    choices_en = forms.CharField(
        label=_("The same choices in English"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    low = forms.IntegerField(label=_("Number not below"), required=False)
    high = forms.IntegerField(label=_("Number not above"), required=False)
    help_ja = forms.CharField(label=_("Hint in Japanese"), max_length=HELP, required=False)
    help_en = forms.CharField(label=_("Hint in English"), max_length=HELP, required=False)
    when = forms.MultipleChoiceField(
        label=_("Shown only when one of these was answered"),
        help_text=_("None ticked: always shown."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def field(self) -> Field:
        said = self.cleaned_data
        kind = FieldKind(said["kind"])
        choices = choices_of(said["codes"], said["choices_ja"], said["choices_en"]) if kind in CHOOSING else ()
        pairs = (pair.partition("=") for pair in said["when"])
        number = kind is FieldKind.NUMBER
        return Field(
            key=said["key"],
            kind=kind,
            label=Text(said["label_ja"].strip(), said["label_en"].strip()),
            help=Text(said["help_ja"].strip(), said["help_en"].strip()),
            required=said["required"],
            choices=choices,
            when=tuple(When(key, value) for key, _is, value in pairs),
            low=said["low"] if number else None,
            high=said["high"] if number else None,
        )


def _lines(text: object) -> list[str]:
    return [line.strip() for line in str(text).strip().splitlines()]


def choices_of(codes: object, ja: object, en: object) -> tuple[Choice, ...]:
    """Line by line; where one language has fewer lines, its words are missing."""
    left, right = _lines(ja), _lines(en)
    most = max(len(left), len(right)) if any(left) or any(right) else 0
    wanted = [
        Text(left[at] if at < len(left) else "", right[at] if at < len(right) else "") for at in range(min(most, 200))
    ]
    return tuple(Choice(code, text) for code, text in zip(codes_of(_before(codes), wanted), wanted, strict=True))


def _before(codes: object) -> list[tuple[str, Text]]:
    """What the page itself remembered of the choices; nothing, where somebody made it up."""
    try:
        return [(str(code), Text(str(ja), str(en))) for code, ja, en in json.loads(str(codes or "[]"))]
    except (ValueError, TypeError):
        return []


def codes_text(choices: Sequence[Choice]) -> str:
    return json.dumps([[one.code, one.label.ja, one.label.en] for one in choices], ensure_ascii=False)


def raw_of(field: Field) -> Raw:
    return {
        "key": field.key,
        "codes": codes_text(field.choices),
        "kind": field.kind.value,
        "label_ja": field.label.ja,
        "label_en": field.label.en,
        "help_ja": field.help.ja,
        "help_en": field.help.en,
        "required": field.required,
        "choices_ja": "\n".join(one.label.ja for one in field.choices),
        "choices_en": "\n".join(one.label.en for one in field.choices),
        "low": field.low,
        "high": field.high,
        "when": [f"{pair.field}={pair.value}" for pair in field.when],
    }


def fresh(taken: Sequence[str]) -> Raw:
    number = next(at for at in range(1, len(taken) + 2) if f"f{at}" not in taken)
    return {"key": f"f{number}", "kind": FieldKind.SHORT.value}


def answers_of(rows: Sequence[Mapping[str, object]], language: str) -> list[tuple[str, str, str]]:
    """On what others may depend, as it stands on the page: key of the question, the answer, both in words."""
    found = []
    for row in rows:
        kind = str(row.get("kind", ""))
        name = str(row.get(f"label_{language}") or row.get("label_ja") or row.get("label_en") or row["key"])
        if kind not in DECIDING:
            continue
        if kind == FieldKind.YES_NO:
            options = labels.choices("yes_no")
        else:
            made = choices_of(row.get("codes"), row.get("choices_ja", ""), row.get("choices_en", ""))
            options = [(one.code, one.label.said(language)) for one in made]
        found += [(str(row["key"]), f"{row['key']}={code}", f"{name}: {word}") for code, word in options]
    return found
