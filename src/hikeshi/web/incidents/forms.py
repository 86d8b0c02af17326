import hashlib
import json
import secrets
from typing import ClassVar, Final, TypedDict, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions, readings
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger import answers
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web import filtering
from hikeshi.web.choosing import kinds, level, name_levels, offer, offer_places

ELSEWHERE: Final = frozenset({"by", "zoom", "stuck", "order", "group", "filter", "saved", "columns"})
"""What other packages narrow and arrange by."""


class Wanted(TypedDict, total=False):
    q: str
    status: str
    phase: str
    reading: str
    kind: str
    record_class: str
    priority: int
    owner: str
    asset: str
    under: str


class Filters(filtering.Filters):
    TABS: ClassVar[tuple[str, tuple[tuple[str, Promise], ...]]] = (
        "status",
        (("open", _("Open")), ("resolved", _("Resolved")), ("closed", _("Closed")), ("all", _("All"))),
    )

    q = forms.CharField(label=_("Words or number"), required=False)
    status = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    phase = forms.ChoiceField(label=_("Phase"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    record_class = forms.ChoiceField(label=_("Class"), required=False)
    priority = forms.TypedChoiceField(label=_("Priority"), coerce=int, required=False, empty_value=None)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    stuck = forms.ChoiceField(label=_("Stuck"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False)
    group = forms.ChoiceField(label=_("Headings"), required=False)
    asset = forms.CharField(required=False, widget=forms.HiddenInput)  # from an asset's page
    filter = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    saved = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    columns = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)
    under = forms.CharField(required=False, widget=forms.HiddenInput)  # from a room

    def __init__(self, asked: QueryDict, *, reading: str = readings.OWN) -> None:
        self.reading = reading
        super().__init__(asked)

    def prepare(self) -> None:
        any_ = [("", str(_("Any")))]
        offer(self, "status", [("all", ""), *labels.choices("status")])
        spoken = readings.word_group(self.reading)
        offer(self, "phase", any_ + [(word, labels.label(spoken, word)) for word in readings.offered(self.reading)])
        offer(self, "record_class", any_ + labels.choices("shown_class"))
        offer(self, "priority", any_ + labels.choices("priority"))
        offer(self, "kind", kinds(empty=_("Any")))
        offer(self, "stuck", [("", str(_("Any or none"))), *labels.choices("stuck")])
        offer(self, "order", labels.choices("list_order"))
        offer(self, "group", [("", str(_("Without headings"))), *labels.choices("list_group")])
        mine = [("me", str(_("Mine"))), ("none", str(_("Nobody")))]
        offer(self, "owner", any_ + mine)

    @property
    def wanted(self) -> Wanted:
        asked = {name: value for name, value in self.picked.items() if name not in ELSEWHERE}
        return cast("Wanted", {**asked, "reading": self.reading})

    @property
    def narrowed(self) -> bool:
        """An order, headings and columns hide nothing."""
        return any(name not in {self.TABS[0], "order", "group", "columns"} for name in self.picked)

    @property
    def stuck_for(self) -> str:
        return str(self.picked.get("stuck", ""))

    @property
    def ordered_by(self) -> str:
        return str(self.picked.get("order", "priority"))

    @property
    def grouped_by(self) -> str:
        return str(self.picked.get("group", ""))


class Report(forms.Form):
    """What a record begins with. A title and a kind are enough: somebody else may already know better what it is."""

    CLASSES: ClassVar = (RecordClass.NEAR_MISS, RecordClass.INCIDENT, RecordClass.ACCIDENT, RecordClass.REQUEST)

    title = forms.CharField(
        label=_("What happened, in one line"), max_length=1000, widget=forms.TextInput(attrs={"autofocus": True})
    )
    description = forms.CharField(
        label=_("What you know so far"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    record_class = forms.TypedChoiceField(
        label=_("What is it"), coerce=RecordClass, empty_value=None, required=False, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label=_("Kind"))
    impact = level(_("Impact: how many are hit"), 3)
    effect = level(_("Effect on the service"), 3)
    urgency = level(_("Urgency"), 2)
    stamp = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput, initial=secrets.token_urlsafe)

    def __init__(self, *, by: Actor, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.by = by
        undecided = [("", str(_("Not decided yet")))]
        decided = [(one.value, labels.label("record_class", one)) for one in self.CLASSES]
        offer(self, "record_class", undecided + decided)
        offer(self, "kind", kinds(empty=_("Choose")))
        name_levels(self)

    def act(self) -> Incident:
        """The verb that opens the record. May raise any refusal."""
        raise NotImplementedError

    def opened(self) -> str | None:
        """The new record's reference, or None where the form says why there is none."""
        if not self.is_valid():
            return None
        stamp = str(self.cleaned_data.pop("stamp"))
        try:
            return self._once(stamp) if stamp else self.act().ref
        except Invalid as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, sentences.sentence(refusal))
            return None

    def _once(self, stamp: str) -> str:
        """The same page sent twice, by two clicks or a reload, is one record; with other words it is another."""
        said = json.dumps(self.cleaned_data, sort_keys=True, default=str)
        key = f"form:{hashlib.sha256(f'{stamp}{said}'.encode()).hexdigest()}"
        kept, _again = answers.once(by=self.by, key=key, request=b"", act=self._kept)
        return kept.body.decode()

    def _kept(self) -> answers.Kept:
        return answers.Kept(status=200, headers={}, body=self.act().ref.encode())


class NewIncident(Report):
    organisation = forms.TypedChoiceField(label=_("Where"), coerce=UUID)

    def __init__(self, *, by: Actor, data: QueryDict | None = None) -> None:
        super().__init__(by=by, data=data)
        offer_places(self, by)

    def act(self) -> Incident:
        return actions.open_incident(by=self.by, **self.cleaned_data)


class BreakGlass(forms.Form):
    ref = forms.CharField(label=_("Number of the incident"), max_length=40)
    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
