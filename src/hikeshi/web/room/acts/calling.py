"""Acts on the call for help about this record."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.kernel.refusals import Invalid
from hikeshi.oncall.refusals import AnsweredAlready
from hikeshi.web.choosing import offer
from hikeshi.web.room.acts.form import ActForm


class AnswerCall(ActForm):
    head = _("Answer the call")
    button = _("I have it")
    done = _("You have answered. Nobody else is called.")
    consequence = _("Nobody else is called about this record, and you answer for it until somebody else does.")

    def act(self) -> None:
        try:
            actions.answer_call(by=self.by, ref=self.ref)
        except AnsweredAlready as first:
            self.status = 409
            raise Invalid("", "answered_already", name=first.name) from first


class _ToSomebody(ActForm):
    to = forms.ChoiceField(label=_("To"), required=False)

    def prepare(self) -> None:
        able = incidents.owner_choices(self.incident)[:500]
        offer(self, "to", [("", _("Whoever is next")), *((f"person:{one.uuid}", one.name) for one in able)])


class HandOverCall(_ToSomebody):
    head = _("Hand the call over")
    button = _("Hand over")
    done = _("Handed over: they are being called.")
    consequence = _("They are called at once. Until they answer, nobody has it.")

    def act(self) -> None:
        actions.hand_over_call(by=self.by, ref=self.ref, to=self.cleaned_data["to"])


class AskForHelp(_ToSomebody):
    head = _("Ask for help")
    button = _("Call them")
    consequence = _("They are called as well; whoever has it keeps it.")

    def act(self) -> None:
        if not actions.ask_for_help(by=self.by, ref=self.ref, to=self.cleaned_data["to"]):
            raise Invalid("to", "nobody_reached")


class CallAgain(ActForm):
    head = _("Call everybody again")
    button = _("Call everybody again")
    done = _("Everybody is called again from the first step on.")
    consequence = _("Everybody is called again from the first step on.")

    def act(self) -> None:
        actions.call_again(by=self.by, ref=self.ref)
