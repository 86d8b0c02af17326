"""The questions of a form as boxes of a page: the same ones at the portal, on the telephone and in the preview.

A question that depends on another is there but shut; the browser's script opens it at once. Without the script whoever
sends the form is shown it before anything is sent: what was on the screen says so itself (``shown``).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django import forms
from django.forms import BoundField
from django.http import QueryDict

from hikeshi.forms import choosing
from hikeshi.forms.answering import LONG, SHORT, Given, answers, asked
from hikeshi.forms.choosing import Thing
from hikeshi.forms.definitions import NAMING, Field, FieldKind
from hikeshi.forms.queries import Offered
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences

SHOWN: Final = "shown"
MARK: Final = "q-"
PICK: Final = "-is"
OWN_WORDS: Final = "words"
MOST_CARDS: Final = 8
"""More choices than these make a list instead of cards."""
INPUTS: Final[Mapping[FieldKind, dict[str, str]]] = {
    FieldKind.NUMBER: {"inputmode": "decimal"},
    FieldKind.PHONE: {"type": "tel", "autocomplete": "tel"},
    FieldKind.MAIL: {"type": "email", "autocomplete": "email"},
    FieldKind.MOMENT: {"type": "datetime-local"},
    **{kind: {"autocomplete": "off"} for kind in NAMING},
}


def name_of(key: str) -> str:
    return f"{MARK}{key}"


@dataclass(frozen=True, slots=True)
class Choosing:
    """``picked``: the uuid of what was chosen, or OWN_WORDS where nothing of it is meant."""

    key: str
    found: Sequence[Thing] = ()
    picked: str = ""

    @property
    def name(self) -> str:
        return name_of(self.key)

    @property
    def asked_as(self) -> str:
        return f"{self.name}{PICK}"


def choosing_of(by: Actor, one: Field, sent: QueryDict) -> Choosing:
    """What is called exactly as was typed is what is meant, unless something else was said."""
    words, picked = sent.get(name_of(one.key), ""), sent.get(f"{name_of(one.key)}{PICK}", "")
    found = choosing.offered(by, one.kind, words)
    if picked != OWN_WORDS and picked not in {str(one.uuid) for one in found}:
        same = choosing.only(found, words)
        picked = str(same.uuid) if same is not None else ""
    return Choosing(one.key, found, picked)


@dataclass(frozen=True, slots=True)
class Row:
    """``when``: the condition for the browser's script; ``shut``: it does not hold so far; ``naming``: what of the site
    the words may mean, where it is asked for a thing of the site.
    """

    box: BoundField
    key: str = ""
    when: str = ""
    shut: bool = False
    naming: Choosing | None = None


class Questions:
    """``by``: who answers. ``sent``: what has been typed so far, be it sent or only carried into another language."""

    def __init__(self, by: Actor, of: Offered, language: str, sent: QueryDict | None) -> None:
        self.by, self.of, self.language = by, of, language
        self._sent = sent
        typed = {one.key: sent.getlist(name_of(one.key)) for one in self._fields} if sent is not None else {}
        self._asked = {one.key for one in asked(self._fields, typed)}
        seen = set(sent.getlist(SHOWN)) if sent is not None else set()
        self.unseen = [one for one in self._fields if one.when and one.key in self._asked and one.key not in seen]
        naming = [one for one in self._fields if one.kind in NAMING]
        self.naming = {one.key: choosing_of(by, one, sent or QueryDict()) for one in naming}

    @property
    def _fields(self) -> Sequence[Field]:
        return self.of.definition.fields

    def words(self) -> dict[str, forms.Field]:
        return {name_of(one.key): self._box(one) for one in self._fields if one.kind is not FieldKind.FILE}

    def files(self) -> dict[str, forms.Field]:
        return {name_of(one.key): self._box(one) for one in self._fields if one.kind is FieldKind.FILE}

    def _box(self, one: Field) -> forms.Field:
        box = _made(one, self.language)
        box.label, box.help_text = one.label.said(self.language), one.help.said(self.language)
        new = {each.key for each in self.unseen}
        box.required = one.required and (self._sent is None or (one.key in self._asked and one.key not in new))
        return box

    def given(self, form: forms.Form) -> Given:
        """What was said, by question."""
        found: dict[str, list[str]] = {}
        for one in self._fields:
            said = form.cleaned_data.get(name_of(one.key))
            if said:
                each = said if isinstance(said, list) else [said]
                found[one.key] = [str(getattr(item, "name", item)) for item in each]
                found[one.key] += self._picked(one)
        return found

    def _picked(self, one: Field) -> list[str]:
        picked = self.naming[one.key].picked if one.key in self.naming else ""
        return [picked] if picked and picked != OWN_WORDS else []

    def check(self, form: forms.Form) -> dict[str, JSON]:
        """What is kept; what cannot be is said beside its question."""
        given = self.given(form)
        kept, wrong = answers(self.of.definition, given, choosing.named(self.by, self.of.definition, given))
        wrong += [Invalid(key, "which_one") for key in self._open(given)]
        new = {one.key for one in self.unseen}
        for refusal in wrong:
            name = name_of(refusal.field)
            if refusal.field not in new and name not in form.errors:
                form.add_error(name, sentences.sentence(refusal))
        return kept

    def _open(self, given: Given) -> list[str]:
        """Where the words may mean something of the site, and nobody has said whether they do."""
        shown = {one.key for one in asked(self._fields, given)}
        return [key for key, one in self.naming.items() if key in shown and one.found and not one.picked]

    def rows(self, form: forms.Form) -> Iterator[Row]:
        """Every visible box of the page, in its order."""
        known = {name_of(one.key): one for one in self._fields}
        for bound in form.visible_fields():
            one = known.get(bound.name)
            naming = self.naming.get(one.key) if one is not None else None
            if one is None or not one.when:
                yield Row(bound, naming=naming)
            else:
                pairs = [[name_of(pair.field), pair.value] for pair in one.when]
                yield Row(bound, one.key, json.dumps(pairs), one.key not in self._asked, naming)


def _made(one: Field, language: str) -> forms.Field:
    if one.values:
        return _choosing(one, language)
    if one.kind is FieldKind.FILE:
        return forms.FileField()
    long = one.kind is FieldKind.LONG
    widget = forms.Textarea(attrs={"rows": 4}) if long else forms.TextInput(attrs=INPUTS.get(one.kind, {}))
    return forms.CharField(widget=widget, max_length=LONG if long else SHORT)


def _choosing(one: Field, language: str) -> forms.Field:
    if one.kind is FieldKind.YES_NO:
        return forms.ChoiceField(choices=labels.choices("yes_no"), widget=forms.RadioSelect)
    choices = [(each.code, each.label.said(language)) for each in one.choices]
    if one.kind is FieldKind.SEVERAL:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple)
    if len(choices) > MOST_CARDS:
        return forms.ChoiceField(choices=[("", ""), *choices])
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect)
