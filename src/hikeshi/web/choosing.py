"""Fields that several screens share: levels, kinds, a local date and time."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import names
from hikeshi.phrases import labels

LEVELS = ("impact", "effect", "urgency")


def level(label: Promise, initial: int | None = None) -> forms.TypedChoiceField:
    """Impact, effect or urgency as cards; ``name_levels`` gives the words in the reader's language."""
    return forms.TypedChoiceField(label=label, coerce=int, widget=forms.RadioSelect, initial=initial)


def name_levels(form: forms.Form) -> None:
    for name in LEVELS:
        form.fields[name].choices = labels.choices(name)  # type: ignore[attr-defined]  # these are choice fields


def kinds(*, empty: str | Promise = "") -> list[tuple[str, object]]:
    """Kinds in use under the course they follow."""
    known = names.in_use()
    groups: dict[str, list[tuple[str, str]]] = {course: [] for course in known.courses.courses}
    for code, kind in known.kinds.items():
        if not kind.retired:
            groups[kind.course].append((code, labels.label("kind", code)))
    first: list[tuple[str, object]] = [("", empty)] if empty else []
    return [*first, *((labels.label("course", course), inside) for course, inside in groups.items())]


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def format_value(self, value: object) -> str | None:
        if isinstance(value, datetime):
            return timezone.localtime(value).strftime("%Y-%m-%dT%H:%M")
        return super().format_value(value)


class LocalMoment(forms.DateTimeField):
    """A time in the reader's zone, to the minute."""

    widget = MomentInput

    def __init__(self, *, label: Promise, required: bool = True) -> None:
        help_text = _("In your time zone.")
        super().__init__(label=label, required=required, help_text=help_text)
