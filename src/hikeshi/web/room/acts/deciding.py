"""Acts on decisions that are asked for, and on what the record costs."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import CostKind
from hikeshi.incidents.decided import MOST
from hikeshi.phrases import labels
from hikeshi.web.choosing import LocalMoment, offer
from hikeshi.web.room.acts.form import ActForm, reason, the


class AskDecision(ActForm):
    head = _("Ask for a decision")
    button = pgettext_lazy("decision", "Ask")
    done = _("The question is asked.")
    consequence = _("It stands in this room and first of all on the page of the situation until somebody decides.")

    question = forms.CharField(
        label=_("What is to be decided"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    options = forms.CharField(
        label=_("The answers there are"),
        help_text=_("One on each line, two to six of them."),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    of = forms.ChoiceField(label=_("Who should decide"), required=False)
    due_at = LocalMoment(label=_("Until"), required=False)

    def prepare(self) -> None:
        able = incidents.deciders(self.incident)
        offer(self, "of", [("", _("Whoever may")), *((str(one.uuid), one.name) for one in able)])

    def act(self) -> None:
        said = self.cleaned_data
        actions.ask_decision(
            by=self.by,
            ref=self.ref,
            question=said["question"],
            options=said["options"].splitlines(),
            of=said["of"],
            due_at=said["due_at"],
        )


class OfDecision(ActForm):
    """About the one that the address names."""

    @property
    def decision(self) -> incidents.DecisionView:
        found = incidents.business(self.by, self.incident).decisions
        return the((one for one in found if one.uuid == self.part_uuid), "decision")

    @property
    def headline(self) -> str:
        return self.decision.question


class Decide(OfDecision):
    button = _("Decide")
    done = _("It is decided.")
    consequence = _("The answer and the reason stay in the record with your name.")

    choice = forms.TypedChoiceField(label=_("Answer"), coerce=int, widget=forms.RadioSelect)
    reason = reason(required=True)

    def prepare(self) -> None:
        offer(self, "choice", [(str(place), words) for place, words in enumerate(self.decision.options)])

    def act(self) -> None:
        said = self.cleaned_data
        actions.decide(by=self.by, ref=self.ref, decision=self.part_uuid, choice=said["choice"], reason=said["reason"])


class WithdrawDecision(OfDecision):
    button = _("Withdraw the question")
    done = _("The question is withdrawn.")

    reason = reason(required=True)

    def act(self) -> None:
        actions.withdraw_decision(by=self.by, ref=self.ref, decision=self.part_uuid, reason=self.cleaned_data["reason"])


class AddCost(ActForm):
    head = _("Write down a cost")
    button = _("Write down")
    done = _("The cost is written down.")

    kind = forms.ChoiceField(label=_("What for"), widget=forms.RadioSelect)
    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal(0), max_value=MOST - 1, decimal_places=2)
    actual = forms.TypedChoiceField(
        label=_("How sure is it"), coerce=lambda said: said == "paid", widget=forms.RadioSelect, initial="guess"
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=1000)

    def prepare(self) -> None:
        offer(self, "kind", labels.choices("cost_kind"))
        offer(self, "actual", labels.choices("cost_surety"))
        self.fields["amount"].help_text = _("In %(currency)s.") % {"currency": self.currency}

    @property
    def currency(self) -> str:
        return accounts.site().currency

    def act(self) -> None:
        said = self.cleaned_data
        actions.add_cost(
            by=self.by,
            ref=self.ref,
            kind=CostKind(said["kind"]),
            amount=said["amount"],
            actual=said["actual"],
            note=said["note"],
        )


class CorrectCost(AddCost):
    head = _("Correct a cost")
    button = _("Save")
    done = _("Saved.")
    consequence = _("What stood here stays readable. What was no cost at all is corrected to 0.")

    reason = reason(required=True)

    @property
    def line(self) -> incidents.CostLine:
        found = incidents.business(self.by, self.incident).costs
        return the((one for one in found if self._is(one)), "cost")

    def _is(self, line: incidents.CostLine) -> bool:
        return self.part_uuid in {line.row.uuid, *(one.uuid for one in line.before)}

    @property
    def currency(self) -> str:
        return self.line.row.currency

    def starting(self) -> dict[str, object]:
        row = self.line.row
        sure = "paid" if row.actual else "guess"
        return {"kind": row.kind, "amount": row.amount, "actual": sure, "note": row.note}

    def act(self) -> None:
        said = self.cleaned_data
        actions.correct_cost(
            by=self.by,
            ref=self.ref,
            cost=self.part_uuid,
            kind=CostKind(said["kind"]),
            amount=said["amount"],
            actual=said["actual"],
            note=said["note"],
            reason=said["reason"],
        )
