from collections.abc import Sequence
from typing import TypedDict, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions as incidents
from hikeshi.incidents.queries import Incident
from hikeshi.intake import actions, queries
from hikeshi.intake.queries import Alert
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web import filtering
from hikeshi.web.choosing import offer
from hikeshi.web.incidents.forms import Report

HIGH, CRITICAL = 4, 5  # OCSF


class Wanted(TypedDict, total=False):
    q: str
    source: str
    severity: int
    status: str
    verdict: str
    case: str


class Filters(filtering.Filters):
    TABS = (
        "stand",
        (
            ("waiting", _("To look at")),
            ("gathered", _("Gathered")),
            ("held", _("In an incident")),
            ("noise", _("Dropped as noise")),
            ("silenced", _("Silenced")),
            ("all", _("All")),
        ),
    )
    STANDS = {
        "waiting": {"verdict": "keep", "case": "none"},
        "gathered": {"verdict": "gather", "case": "none"},
        "held": {"verdict": "attach,open"},
        "noise": {"verdict": "drop"},
        "silenced": {"verdict": "hold"},
    }

    q = forms.CharField(label=_("Words"), required=False)
    stand = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    case = forms.CharField(required=False, widget=forms.HiddenInput)
    source = forms.ChoiceField(label=_("Source"), required=False)
    severity = forms.TypedChoiceField(label=_("At least"), coerce=int, required=False, empty_value=None)
    status = forms.ChoiceField(label=_("Status"), required=False)

    def prepare(self) -> None:
        any_ = [("", str(_("Any")))]
        severities = [(code, word) for code, word in labels.choices("severity") if code != "0"]
        fields: dict[str, list[tuple[str, str]]] = {
            "stand": [(code, code) for code, _word in self.TABS[1]],
            "source": any_ + [(one.code, one.name) for one in queries.sources()],
            "severity": any_ + severities[::-1],
            "status": any_ + labels.choices("alert_status"),
        }
        for name, choices in fields.items():
            offer(self, name, choices)

    @property
    def wanted(self) -> Wanted:
        asked = dict(self.picked)
        stand = self.STANDS.get(str(asked.pop("stand", "")), {})
        return cast("Wanted", {**stand, **asked})


class FromAlerts(Report):
    """A record from alerts somebody chose; what the first of them says is filled in."""

    def __init__(self, *, by: Actor, alerts: Sequence[Alert], data: QueryDict | None = None) -> None:
        super().__init__(by=by, data=data, initial={"title": alerts[0].title, **self.guess(alerts)})
        self.alerts = [one.uuid for one in alerts]

    @staticmethod
    def guess(alerts: Sequence[Alert]) -> dict[str, object]:
        """Effect and urgency no lighter than the gravest alert; how many are hit, only a person knows."""
        gravest = max(alert.severity for alert in alerts)
        grave = 1 if gravest >= CRITICAL else 2 if gravest == HIGH else 3
        return {"effect": grave, "urgency": grave}

    def act(self) -> Incident:
        return incidents.open_from_alerts(by=self.by, alerts=self.alerts, **self.cleaned_data)


class Attach(forms.Form):
    ref = forms.CharField(label=_("Number of the incident"), max_length=40)

    def __init__(self, *, by: Actor, alerts: list[UUID], data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.by, self.alerts = by, alerts

    def attached(self) -> str | None:
        if not self.is_valid():
            return None
        try:
            return incidents.attach_alerts(by=self.by, ref=self.cleaned_data["ref"], alerts=self.alerts).ref
        except (Invalid, NotFound) as refusal:
            self.add_error("ref", sentences.sentence(refusal))
            return None


class Correct(forms.Form):
    """A person overrules the rule."""

    verdict = forms.ChoiceField(label=_("Verdict"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *, by: Actor, alert: Alert, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"verdict": alert.verdict})
        self.by, self.alert = by, alert
        choices = [
            ("keep", _("Keep: people look at it")),
            ("drop", _("Drop: known noise")),
        ]
        offer(self, "verdict", choices)

    def corrected(self) -> bool:
        if not self.is_valid():
            return False
        try:
            actions.correct_verdict(by=self.by, alert=self.alert.uuid, **self.cleaned_data)
        except Invalid as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, sentences.sentence(refusal))
        return not self.errors
