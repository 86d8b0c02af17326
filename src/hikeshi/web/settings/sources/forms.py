from collections.abc import Mapping
from functools import cached_property

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hikeshi.intake import plain_mapping
from hikeshi.intake.plain_mapping import BadTable, Line, Plain
from hikeshi.intake.sources.mapping import BadMapping
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import labels, refusals
from hikeshi.web import wording
from hikeshi.web.choosing import offer

LARGEST = 80
BODY = 1024 * 1024
_SPELLINGS: tuple[tuple[str, Promise], ...] = (
    ("", _("As they are")),
    ("first_letter", _("The first letter of a key may be large or small")),
    ("small", _("Keys in large or small letters are the same")),
    ("nested", _("Keys with dots stand for tables in tables")),
)


class MappingForm(forms.Form):
    """A mapping as it is written. ``text`` is the text itself; in the form, the text the lines were read from."""

    body = forms.CharField(
        label=_("A body as the product sends it"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "class": "code", "spellcheck": "false"}),
        help_text=_("JSON, or one JSON per line; up to 1 MB. It is only looked at here and not kept."),
    )
    unwrap = forms.CharField(
        label=_("Where the alerts are"),
        required=False,
        max_length=500,
        help_text=_(
            "The list that holds the alerts, such as data.alerts; several with commas. Empty: the body is one."
        ),
    )
    keys = forms.ChoiceField(label=_("How keys are spelt"), required=False, choices=_SPELLINGS)
    text = forms.CharField(
        label=_("Mapping"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "code", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Ends the address alerts are sent to. Never changes."),
    )
    title_ja = forms.CharField(label=_("Name, Japanese"), max_length=200)
    title_en = forms.CharField(label=_("Name, English"), max_length=200)
    why = forms.CharField(label=_("Why this change"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    shape = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput)
    mode = forms.ChoiceField(choices=[("form", "form"), ("text", "text")], widget=forms.HiddenInput, required=False)

    use_required_attribute = False  # a browser that insists on a name would not let anybody look first

    def __init__(self, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        wording.one_is_enough(self, "title")
        self.fields["unwrap"].widget.attrs.update({"list": "lists-of-body", "autocomplete": "off"})

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        wording.fill(self, said, "title")
        return dict(said)

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"])
        if len(body.encode("utf-8", "surrogatepass")) > BODY:
            raise forms.ValidationError(refusals.reason("source_body_large", {}))
        return body

    @property
    def steps(self) -> tuple[str, ...]:
        return tuple(step.strip() for step in str(self["unwrap"].value() or "").split(",") if step.strip())


class LineForm(forms.Form):
    """A line without a path is no line."""

    name = forms.ChoiceField(label=_("Becomes"), required=False)
    path = forms.CharField(label=_("Where its value is"), required=False, max_length=1_000)
    table = forms.CharField(
        label=_("Words and what they mean"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line: P1 = critical. Numbers from a least value: >= 7 = high."),
    )
    otherwise = forms.CharField(label=_("Without one of them"), required=False, max_length=200)
    match = forms.CharField(
        label=_("Only a part of the text (pattern)"),
        required=False,
        max_length=500,
        help_text=_("The first group counts."),
    )
    time = forms.CharField(
        label=_("How the time is written"),
        required=False,
        max_length=80,
        help_text=format_lazy(_("As in {example}"), example="%d/%m/%Y %H:%M"),
    )
    zone = forms.CharField(
        label=_("Its time zone"),
        required=False,
        max_length=60,
        help_text=format_lazy(_("As in {example}"), example="Asia/Tokyo"),
    )

    def __init__(self, number: int, data: Mapping[str, str]) -> None:
        super().__init__(data, prefix=f"line-{number}")
        self.number = number + 1
        chosen = str(self["name"].value() or "")
        known = labels.choices("source_target")
        rare = [(chosen, chosen)] if chosen and chosen not in dict(known) else []
        offer(self, "name", [("", str(_("Choose"))), *known, *rare])
        self.fields["path"].widget.attrs.update({"autocomplete": "off", "spellcheck": "false", "list": "paths-of-body"})

    @classmethod
    def of(cls, number: int, line: Line) -> "LineForm":
        return cls(number, {f"line-{number}-{part}": getattr(line, part) for part in plain_mapping.PARTS})

    @cached_property
    def line(self) -> Line:
        said = {part: str(self[part].value() or "").replace("\r\n", "\n") for part in plain_mapping.PARTS}
        return Line(**{**said, "path": said["path"].strip()})

    @property
    def empty(self) -> bool:
        return not self.line.path

    @property
    def converted(self) -> bool:
        line = self.line
        return bool(line.table or line.match or line.time) or bool(self.errors)

    @cached_property
    def usable(self) -> bool:
        """Says beside the field what cannot be used."""
        line = self.line
        if not self.is_valid():
            return False
        if not line.name:
            self.add_error("name", refusals.reason("required", {}))
            return False
        try:
            plain_mapping.check(line)
        except BadTable as problem:
            self.add_error("table", refusals.reason("source_table_line", {"detail": problem.line}))
        except (BadMapping, ValueError) as problem:
            detail = {"line": str(self.number), "name": line.name, "detail": str(problem)}
            self.add_error("path", refusals.reason("source_expression", detail))
        return not self.errors


def said(form: MappingForm, lines: list[LineForm]) -> Plain:
    """What the lines say together. Raises Invalid."""
    given = [line for line in lines if not line.empty]
    fine = not [line for line in given if not line.usable]  # each is asked, so that each says what is wrong
    for place in plain_mapping.repeated(line.line for line in given):
        fine = False
        if not given[place].errors:
            given[place].add_error("name", refusals.reason("source_twice", {}))
    if not fine:
        raise Invalid("lines", "source_lines")
    shape = str(form["shape"].value() or "alert")
    return Plain(tuple(line.line for line in given), form.steps, str(form["keys"].value() or ""), shape)
