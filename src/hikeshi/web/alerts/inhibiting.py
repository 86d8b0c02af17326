"""Inhibitions as people set them, and as they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.intake import inhibitions
from hikeshi.intake.actions import INHIBITION_LIMITS
from hikeshi.intake.inhibitions import Terms
from hikeshi.intake.queries import inhibiting
from hikeshi.intake.queries.inhibiting import Inhibition
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.web.choosing import offer
from hikeshi.web.settings import changes

_CODE = {"class": "code", "spellcheck": "false"}


class InhibitionForm(forms.Form):
    organisation = forms.ChoiceField(label=_("Organisation"))
    title = forms.CharField(label=_("What explains what"), max_length=INHIBITION_LIMITS["title"])
    source = forms.CharField(
        label=_("While such an alert fires"),
        max_length=INHIBITION_LIMITS["matchers"],
        widget=forms.Textarea(attrs={"rows": 3, **_CODE}),
        help_text=_(
            "One condition per line, all must hold: host = db1, title =~ Disk.*, label.team != web. Possible are "
            "source, title, severity (1 to 6), host, user, address, rule, product and label.NAME."
        ),
    )
    target = forms.CharField(
        label=_("Such alerts are held"),
        max_length=INHIBITION_LIMITS["matchers"],
        widget=forms.Textarea(attrs={"rows": 3, **_CODE}),
    )
    equal = forms.CharField(
        label=_("If both have the same"),
        required=False,
        max_length=INHIBITION_LIMITS["equal"],
        widget=forms.Textarea(attrs={"rows": 2, **_CODE}),
        help_text=_("Names, for instance host. What neither alert has is the same. Empty: any such alert holds them."),
    )
    hours = forms.TypedChoiceField(
        label=_("A source that is not heard of again counts for"),
        coerce=int,
        initial=8,
        help_text=_("Many detectors never say that a thing is over. Then what was held is judged."),
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, by: Actor, data: QueryDict | None = None, given: Mapping[str, object] | None = None) -> None:
        super().__init__(data, initial=dict(given or {}))
        offer(self, "organisation", [(str(one.uuid), one.name) for one in inhibiting.places(by)])
        offer(self, "hours", [(str(one), labels.label("inhibition_hours", str(one))) for one in inhibitions.HOURS])
        if given is not None:
            del self.fields["organisation"]

    @property
    def place(self) -> UUID:
        return UUID(self.cleaned_data["organisation"])

    @property
    def terms(self) -> Terms:
        return Terms(**{name: value for name, value in self.cleaned_data.items() if name != "organisation"})


def given(row: Inhibition) -> Mapping[str, object]:
    """What a form begins with that is to change this one."""
    return {name: getattr(row, name) for name in ("title", "source", "target", "equal", "hours", "reason")}


@dataclass(frozen=True, slots=True)
class Line:
    row: Inhibition
    owner: str
    held: int

    @property
    def stand(self) -> str:
        if self.row.ended_at is not None:
            return "speaking" if self.row.due_at is not None else "over"
        return "holds" if self.held else "waits"

    @property
    def tone(self) -> str:
        return {"holds": "warn", "waits": "act", "speaking": "warn"}.get(self.stand, "plain")

    @property
    def names(self) -> str:
        return ", ".join(self.row.equal.split())


def lines(by: Actor, rows: Sequence[Inhibition]) -> list[Line]:
    """Two more queries, however many rows: who owns them, and how much each holds that the reader may see."""
    names = accounts.names_of(row.owner for row in rows)
    held = inhibiting.held(by, rows)
    return [Line(row, changes.name_of(row.owner, names), held.get(row.rule, 0)) for row in rows]
