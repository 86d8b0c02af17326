"""A form being made: what it is for, and its questions. Without a script each step of the work is a page of its own:
nothing is kept before it is saved, and nothing typed is lost by adding, moving or taking away a question.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts.permissions import Verb
from hikeshi.forms import checking
from hikeshi.forms.definitions import HELP, LINE, MOST_FIELDS, Audience, Definition, Text, Use
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web.choosing import kinds, offer
from hikeshi.web.settings import choices
from hikeshi.web.settings.forms.rows import PARTS, Question, Raw, answers_of, fresh, raw_of
from hikeshi.web.settings.ordering import one_up
from hikeshi.web.settings.saving import Versioned

if TYPE_CHECKING:
    from django.forms.formsets import BaseFormSet

SAVE: Final = "save"
ADD: Final = "add"


class Head(Versioned):
    title_ja = forms.CharField(label=_("Title in Japanese"), max_length=LINE, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=LINE, required=False)
    intro_ja = forms.CharField(label=_("A line about it, in Japanese"), max_length=HELP, required=False)
    intro_en = forms.CharField(label=_("A line about it, in English"), max_length=HELP, required=False)
    question_ja = forms.CharField(
        label=_("First question in Japanese"),
        max_length=LINE,
        required=False,
        help_text=_("Empty: What happened? or the like. It is answered in the reporter's own words."),
    )
    question_en = forms.CharField(label=_("First question in English"), max_length=LINE, required=False)
    use = forms.ChoiceField(label=_("It is for"), widget=forms.RadioSelect)
    audience = forms.ChoiceField(label=_("Who may use it"), widget=forms.RadioSelect)
    organisation = forms.ChoiceField(
        label=_("Of this organisation and all beneath it"),
        required=False,
        help_text=_("Only where people of one organisation may use it."),
    )
    kind = forms.ChoiceField(label=_("Becomes a record of kind"), required=False)
    record_class = forms.ChoiceField(label=_("Of class"), required=False)
    urgency = forms.TypedChoiceField(label=_("With urgency"), coerce=int, empty_value=None, required=False)
    place = forms.ChoiceField(label=_("Belongs to"), required=False)
    why = forms.CharField(label=_("Why it changes"), required=False, max_length=2_000)

    def prepare(self, by: Actor) -> None:
        usual = [("", _("As for any report"))]
        places = choices.organisations(by, Verb.VIEW)
        offer(self, "use", labels.choices("form_use"))
        offer(self, "audience", labels.choices("form_audience"))
        offer(self, "organisation", [("", _("None")), *places])
        offer(self, "kind", [*usual, *kinds()])
        offer(self, "record_class", [*usual, *labels.choices("record_class")])
        offer(self, "urgency", [*usual, *labels.choices("urgency")])
        offer(self, "place", [("", _("Where whoever reports belongs")), *places])


Questions = forms.formset_factory(Question, extra=0, max_num=MOST_FIELDS, absolute_max=MOST_FIELDS)


class Drawing:
    """``step``: what was pressed. Everything but saving shows the page again as it then stands."""

    def __init__(self, by: Actor, sent: QueryDict | None, now: Definition | None, version: int) -> None:
        self.step = sent.get("do", SAVE) if sent is not None else ""
        self.unsaved = sent is not None
        start, rows = _start(now, version)
        if sent is not None and self.step != SAVE:
            start, rows = _typed(sent, Head.base_fields), _stepped(_rows(sent), self.step)
            sent = None
        self.form = Head(sent, initial=start)
        self.form.prepare(by)
        self.questions: BaseFormSet[Question] = Questions(sent, initial=rows, prefix="questions")
        self._offer(_rows(sent) if sent is not None else rows)

    def _offer(self, rows: Sequence[Raw]) -> None:
        found = answers_of(rows, (get_language() or "ja")[:2])
        for question in self.questions:
            key = str(question["key"].value() or "")
            offer(question, "when", [(pair, words) for owner, pair, words in found if owner != key])

    def drawn(self) -> Definition | None:
        """None where nothing is to be saved, or something cannot be: its place says why."""
        if self.step != SAVE or not self.form.is_valid() or not self.questions.is_valid():
            return None
        said = self.form.cleaned_data
        definition = Definition(
            title=_text(said, "title"),
            intro=_text(said, "intro"),
            question=_text(said, "question"),
            use=Use(said["use"]),
            audience=Audience(said["audience"]),
            organisation=said["organisation"] if said["audience"] == Audience.ORGANISATION else "",
            kind=said["kind"],
            record_class=said["record_class"],
            urgency=said["urgency"],
            place=said["place"],
            fields=tuple(question.field() for question in self.questions),
        )
        for flaw in checking.flaws(definition):
            self.refuse(Invalid(flaw.place, flaw.reason, **flaw.params))
        return None if self.wrong else definition

    def refuse(self, refusal: Invalid) -> None:
        """Says it where it belongs: at a part of a question, at the form, or above all."""
        key, dot, part = refusal.field.partition(".")
        for question in self.questions:
            if dot and question.cleaned_data.get("key") == key:
                question.add_error(part if part in question.fields else None, sentences.sentence(refusal))
                return
        self.form.add_error(refusal.field if refusal.field in self.form.fields else None, sentences.sentence(refusal))

    def clash(self, conflict: Conflict) -> None:
        self.form.clash(conflict)

    @property
    def wrong(self) -> bool:
        return self.form.is_bound and bool(self.form.errors or any(self.questions.errors))

    @property
    def status(self) -> int:
        return 422 if self.wrong and not self.form.conflict else self.form.status


def _text(said: Mapping[str, str], name: str) -> Text:
    return Text(said[f"{name}_ja"].strip(), said[f"{name}_en"].strip())


def _start(now: Definition | None, version: int) -> tuple[Raw, list[Raw]]:
    if now is None:
        return {"use": Use.REQUEST, "audience": Audience.SIGNED_IN}, [fresh(())]
    texts = {
        f"{name}_{language}": getattr(getattr(now, name), language)
        for name in ("title", "intro", "question")
        for language in ("ja", "en")
    }
    plain = {name: getattr(now, name) for name in ("use", "audience", "organisation", "kind", "record_class", "place")}
    start: Raw = {**texts, **plain, "urgency": now.urgency, "version": version}
    return start, [raw_of(one) for one in now.fields]


def _typed(sent: QueryDict, names: Mapping[str, object]) -> Raw:
    return {name: sent.get(name, "") for name in names}


def _rows(sent: QueryDict) -> list[Raw]:
    """As it was typed, not yet looked at."""
    total = sent.get("questions-TOTAL_FORMS", "0")
    count = min(int(total), MOST_FIELDS) if total.isascii() and total.isdigit() else 0
    rows: list[Raw] = []
    for at in range(count):
        row: Raw = {part: sent.get(f"questions-{at}-{part}", "") for part in PARTS}
        row["when"] = sent.getlist(f"questions-{at}-when")
        row["required"] = bool(row["required"])
        rows.append(row)
    return rows


def _stepped(rows: list[Raw], step: str) -> list[Raw]:
    """``add``, ``up:f2`` or ``remove:f2``; anything else only shows what was typed."""
    deed, _colon, key = step.partition(":")
    keys = [str(row["key"]) for row in rows]
    if deed == ADD and len(rows) < MOST_FIELDS:
        return [*rows, fresh(keys)]
    if deed == "remove":
        return [row for row in rows if row["key"] != key]
    if deed == "up":
        order = one_up(keys, key)
        return sorted(rows, key=lambda row: order.index(str(row["key"])))
    return rows
