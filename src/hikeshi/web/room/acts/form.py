"""What every act on an incident has in common: a form that knows its own verb. It is shown on GET and acts on POST."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, TypeVar
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound, Refusal, Unmet
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web.choosing import flat
from hikeshi.web.room.foretelling import Line

Part = TypeVar("Part")


class ActForm(forms.Form):
    """``head`` heads the form, ``button`` is the act in words, ``consequence`` says what follows, ``done`` what is
    told afterwards (nothing where the page shows it by itself). ``outward``: somebody outside the desk will read it.
    """

    head: ClassVar[Promise]
    button: ClassVar[Promise]
    consequence: Promise | str = ""
    done: Promise | str = _("Saved.")
    grave: ClassVar[bool] = False
    outward: ClassVar[bool] = False
    second: tuple[str, Promise | str] | None = None
    """Another button that only helps to fill the form: the word it sends as ``do``, and what stands on it."""
    said: Promise | str = ""
    """What such a button found."""
    status = 200

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *, by: Actor, ref: str, part: str, data: QueryDict | None = None) -> None:
        self.by = by
        self.ref = ref
        self.incident = incidents.incident(by, ref)
        self.part = part
        self.missing: list[tuple[str, str]] = []
        self.conflict: Conflict | None = None
        self.sent = data or QueryDict()
        self.foretold: Sequence[Line] = ()
        super().__init__(data, initial={"version": self.incident.version, **self.starting()})
        self.prepare()

    @cached_property
    def room(self) -> incidents.Room:
        return incidents.room(self.by, self.ref)

    @property
    def headline(self) -> str:
        return str(self.head)

    @property
    def press(self) -> Promise | str:
        """What stands on the button."""
        return self.button

    def starting(self) -> dict[str, object]:
        """What the fields hold when the form is opened."""
        return {}

    def prepare(self) -> None:
        """Choices that depend on the incident or the reader."""

    def act(self) -> None:
        """Calls the verb with the cleaned fields. May raise any refusal."""
        raise NotImplementedError

    def carried_out(self) -> bool:
        """Whether the act was done. Where not, the form says why beside the field concerned."""
        if not self.is_bound:
            return False
        if not self.is_valid():
            self.status = 422
            return False
        try:
            self.act()
        except (Invalid, Unmet, Conflict) as refusal:
            self.refuse(refusal)
            return False
        return True

    def refuse(self, refusal: Refusal) -> None:
        match refusal:
            case Invalid(field=field):
                self.status = 422
                self.add_error(field if field in self.fields else None, sentences.sentence(refusal))
            case Unmet(missing=missing):
                self.status = 409
                self.missing = [(code, gate_words(code)) for code in missing]
                self.ask_why()
            case Conflict():
                self.status = 409
                self.conflict = refusal
                sent = self.sent.copy()
                sent["version"] = str(refusal.version)
                self.data = sent

    def ask_why(self) -> None:
        """Whoever goes on all the same gives a reason, and is told so where it was left out."""
        field = self.fields.get("override_reason")
        if field is None:
            return
        field.required = True
        if "override_reason" in self.sent:
            self.add_error("override_reason", field.error_messages["required"])

    @property
    def differing(self) -> list[tuple[str, str, str]]:
        """Field, the other's text, one's own text: shown beside each other, neither lost."""
        if self.conflict is None:
            return []
        theirs, yours = self.conflict.theirs, self.conflict.yours
        return [(name, self.words_for(name, theirs[name]), self.words_for(name, yours[name])) for name in yours]

    def words_for(self, name: str, value: str) -> str:
        field = self.fields.get(name)
        return str(dict(flat(field)).get(value, value)) if isinstance(field, forms.ChoiceField) else value

    @property
    def part_uuid(self) -> UUID:
        """Raises NotFound for what is no reference."""
        try:
            return UUID(self.part)
        except ValueError as error:
            raise NotFound("part") from error


def the(found: Iterable[Part], what: str) -> Part:
    """The one that the address names. Raises NotFound."""
    one = next(iter(found), None)
    if one is None:
        raise NotFound(what)
    return one


def gate_words(code: str) -> str:
    """A gate, or a phase that nobody worked on."""
    if code.startswith("phase:"):
        return str(_("%(phase)s was not worked on")) % {"phase": labels.label("phase", code.removeprefix("phase:"))}
    return labels.label("gate", code)


def reason(*, required: bool = False) -> forms.CharField:
    return forms.CharField(label=_("Reason"), required=required, widget=forms.Textarea(attrs={"rows": 2}))


def override() -> forms.CharField:
    """For acts that gates are asked of."""
    return forms.CharField(
        label=_("Go on all the same, because"),
        help_text=_("The reason stands in the timeline with your name."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
