"""Fields that several screens share: levels, kinds, a local date and time."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import names
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

LEVELS = ("impact", "effect", "urgency")


def level(label: "Words", initial: int | None = None) -> forms.TypedChoiceField:
    """Impact, effect or urgency as cards; ``name_levels`` gives the words in the reader's language."""
    return forms.TypedChoiceField(label=label, coerce=int, widget=forms.RadioSelect, initial=initial)


def offer(form: forms.Form, name: str, choices: Sequence[tuple[str, object]]) -> None:
    """Gives a choice field its choices, made for this reader."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(name)
    field.choices = choices


def offer_places(form: forms.Form, by: Actor) -> None:
    """Where a record may be opened, one's own organisation first chosen; the field goes where there is one only."""
    places = [(str(one.uuid), one.name) for one in accounts.organisations(by, Verb.OPEN).filter(retired_at=None)]
    if len(places) < 2:
        del form.fields["organisation"]
        return
    offer(form, "organisation", places)
    mine = accounts.myself(by)
    own = str(mine.organisation.uuid) if mine else ""
    form.fields["organisation"].initial = own if own in dict(places) else places[0][0]


def flat(field: forms.ChoiceField) -> Iterator[tuple[str, str]]:
    """The choices without their groups."""
    for value, word in list(field.choices):  # type: ignore[arg-type]  # by now a list, whatever it was made from
        if isinstance(word, list | tuple):
            yield from ((str(code), str(inside)) for code, inside in word)
        else:
            yield str(value), str(word)


def name_levels(form: forms.Form) -> None:
    for name in LEVELS:
        offer(form, name, labels.choices(name))


def kinds(*, empty: "str | Words" = "") -> list[tuple[str, object]]:
    """Kinds in use under the course they follow."""
    known = names.in_use()
    groups: dict[str, list[tuple[str, str]]] = {course: [] for course in known.courses.courses}
    for code, kind in known.kinds.items():
        if not kind.retired:
            groups[kind.course].append((code, labels.label("kind", code)))
    first: list[tuple[str, object]] = [("", empty)] if empty else []
    return [*first, *((labels.label("course", course), inside) for course, inside in groups.items() if inside)]


def teams(by: Actor, kept: Collection[str] = ()) -> list[tuple[str, str]]:
    """Those in use, and of those out of use what is chosen already: it must not get lost by a look at the form."""
    rows = accounts.teams(by, retired=None).prefetch_related(None).order_by("name")
    shown = [(str(row.uuid), row) for row in rows if row.retired_at is None or str(row.uuid) in kept]
    return [(uuid, row.name if row.retired_at is None else _out_of_use(row.name)) for uuid, row in shown]


def _out_of_use(name: str) -> str:
    return gettext("%(name)s (out of use)") % {"name": name}


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def format_value(self, value: object) -> str | None:
        """By now the field has brought the time into the reader's zone."""
        return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else super().format_value(value)


class LocalMoment(forms.DateTimeField):
    """A time in the reader's zone, to the minute."""

    widget = MomentInput

    def __init__(self, *, label: "Words", required: bool = True) -> None:
        help_text = _("In your time zone.")
        super().__init__(label=label, required=required, help_text=help_text)
