"""Values known to be harmless as people list them; the thresholds of flapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.intake import benign, flapping
from hikeshi.intake.actions import CALMING_LIMITS
from hikeshi.intake.benign import Kind, Terms
from hikeshi.intake.queries import calming
from hikeshi.intake.queries.calming import Benign
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.web import filtering
from hikeshi.web.choosing import LocalMoment, offer
from hikeshi.web.settings import changes

PROPOSED = timedelta(days=90)
_A_YEAR = _("A year at most. Then somebody looks at it again.")


class Stands(filtering.Filters):
    TABS = (
        "stand",
        (("open", _("In force")), ("review", _("To be looked at again")), ("over", _("Over")), ("all", _("All"))),
    )

    stand = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        offer(self, "stand", [(code, code) for code, _word in self.TABS[1]])


class BenignForm(forms.Form):
    organisation = forms.ChoiceField(label=_("Organisation"))
    title = forms.CharField(label=_("What it is"), max_length=CALMING_LIMITS["title"])
    kind = forms.ChoiceField(label=_("Kind"))
    values = forms.CharField(
        label=_("Values"),
        max_length=CALMING_LIMITS["values"],
        widget=forms.Textarea(attrs={"rows": 5, "class": "code", "spellcheck": "false"}),
        help_text=_("One per line. For addresses, networks too: 192.0.2.0/24"),
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))
    until = LocalMoment(label=_("Counts until"))

    def __init__(self, by: Actor, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"until": clock.now() + PROPOSED})
        offer(self, "organisation", [(str(one.uuid), one.name) for one in calming.places(by)])
        offer(self, "kind", labels.choices("benign_kind"))
        self.fields["until"].help_text = _A_YEAR

    @property
    def place(self) -> UUID:
        return UUID(self.cleaned_data["organisation"])

    @property
    def terms(self) -> Terms:
        said = {name: value for name, value in self.cleaned_data.items() if name != "organisation"}
        return Terms(**{**said, "kind": Kind(said["kind"])})


class ReviewForm(forms.Form):
    until = LocalMoment(label=_("Counts until"))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"until": clock.now() + PROPOSED})
        self.fields["until"].help_text = _A_YEAR


class FlappingForm(forms.Form):
    changes = forms.IntegerField(
        label=_("Changes of its state"),
        min_value=0,
        max_value=flapping.MOST,
        help_text=_("From so many on, 3 at least. 0: no alert counts as flapping."),
    )
    minutes = forms.IntegerField(label=_("Within (minutes)"), min_value=1, max_value=flapping.LONGEST)

    def __init__(self, data: QueryDict | None = None) -> None:
        now = calming.flap_terms()
        super().__init__(data, initial={"changes": now.changes, "minutes": now.minutes})


@dataclass(frozen=True, slots=True)
class Line:
    row: Benign
    owner: str
    hits: int

    @property
    def stand(self) -> str:
        if self.row.ended_at is not None or self.row.until <= clock.now():
            return "over"
        return "review" if self.row.until <= clock.now() + benign.REVIEWED_BEFORE else "counts"

    @property
    def tone(self) -> str:
        return {"counts": "act", "review": "warn"}.get(self.stand, "plain")

    @property
    def count(self) -> int:
        return len(self.row.values.split("\n"))


def lines(by: Actor, rows: Sequence[Benign]) -> list[Line]:
    """Two more queries, however many rows: who owns them, and how often each was met."""
    names = accounts.names_of(row.owner for row in rows)
    hits = calming.hits(by, rows)
    return [Line(row, changes.name_of(row.owner, names), hits.get(row.rule, 0)) for row in rows]
