"""Acts towards whoever reported. The only ones whose words leave the desk; they look like no other form."""

from typing import Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import actions
from hikeshi.incidents.codes import RecordClass
from hikeshi.kernel.refusals import Invalid, Refusal
from hikeshi.knowledge import queries as knowledge
from hikeshi.phrases import labels
from hikeshi.reports.wording import unmarked
from hikeshi.web.choosing import kinds, level, name_levels, offer
from hikeshi.web.room.acts.form import ActForm, reason

LIGHT: Final = "light"
TAKE: Final = "take"
MESSAGE, QUESTION, CLOSING = "message", "question", "closing"
GRAVE: Final = (RecordClass.INCIDENT, RecordClass.ACCIDENT)


class Reply(ActForm):
    head = _("Write to the reporter")
    button = _("Send to the reporter")
    done = _("Sent to the reporter.")
    outward = True
    second: tuple[str, Promise | str] | None = (TAKE, _("Put its text in"))

    answer = forms.ChoiceField(
        label=_("Answer with…"),
        help_text=_("Answers the reporter may read, in their language, the nearest to their words first."),
        required=False,
    )
    text = forms.CharField(
        label=_("What the reporter will read"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    sort = forms.ChoiceField(label=_("It is"), widget=forms.RadioSelect, initial=MESSAGE)

    def prepare(self) -> None:
        choices = [(MESSAGE, _("A message")), (QUESTION, _("A question to be answered"))]
        if self.incident.course == LIGHT and self.incident.status == "open":
            choices.append((CLOSING, _("The answer: the request is closed with it")))
        offer(self, "sort", [(code, str(word)) for code, word in choices])
        self.answers = {str(one.uuid): one for one in knowledge.for_reply(self.by, self.incident)}
        offer(
            self, "answer", [("", _("Words of my own")), *((uuid, one.question) for uuid, one in self.answers.items())]
        )
        if not self.answers:
            del self.fields["answer"]
            self.second = None

    def carried_out(self) -> bool:
        """Asked for the words of an answer, nothing is sent: they are put after what was typed."""
        return False if self.sent.get("do") == TAKE and self._take() else super().carried_out()

    def _take(self) -> bool:
        chosen = self.answers.get(self.sent.get("answer", ""))
        self.data = self.sent.copy()
        if chosen is None:
            self.said = _("Choose an answer first.")
        else:
            before = self.sent.get("text", "").strip()
            self.data["text"] = "\n\n".join(filter(None, [before, unmarked(chosen.answer)]))
            self.said = _("Its text stands below. Read it before you send it.")
        self.is_bound = False
        self.initial = {**self.initial, **self.data.dict()}
        return True

    def act(self) -> None:
        said = self.cleaned_data
        actions.reply(
            by=self.by,
            ref=self.ref,
            text=said["text"],
            asks=said["sort"] == QUESTION,
            closes=said["sort"] == CLOSING,
        )

    def refuse(self, refusal: Refusal) -> None:
        """What is refused about closing is said where it was chosen."""
        about = (
            Invalid("sort", refusal.reason) if isinstance(refusal, Invalid) and refusal.field == "closes" else refusal
        )
        super().refuse(about)


class MarkRead(ActForm):
    head = _("Take note of the reporter's words")
    button = _("I have read it")
    done = ""

    def act(self) -> None:
        actions.mark_read(by=self.by, ref=self.ref)


class WithdrawQuestion(ActForm):
    head = _("Withdraw this question")
    button = _("The answer is no longer needed")
    done = ""

    def act(self) -> None:
        actions.withdraw_question(by=self.by, ref=self.ref, message=self.part_uuid)


class Turn(ActForm):
    head = _("Turn this into an incident")
    button = _("It is an incident")
    done = _("It is an incident now. Everything said before stays with it.")
    consequence = _(
        "The number, the conversation and the timeline stay. Class, kind, course and priority change in one act."
    )

    kind = forms.ChoiceField(label=_("Kind"))
    record_class = forms.TypedChoiceField(label=_("What is it"), coerce=RecordClass, widget=forms.RadioSelect)
    impact = level(_("Impact: how many are hit"))
    effect = level(_("Effect on the service"))
    urgency = level(_("Urgency"))
    reason = reason(required=True)

    def starting(self) -> dict[str, object]:
        now = {name: getattr(self.incident, name) for name in ("impact", "effect", "urgency")}
        return {**now, "record_class": RecordClass.INCIDENT}

    def prepare(self) -> None:
        offer(self, "kind", [one for one in kinds(empty=_("Choose")) if one[0] != labels.label("course", LIGHT)])
        offer(self, "record_class", [(one.value, labels.label("record_class", one)) for one in GRAVE])
        name_levels(self)

    def act(self) -> None:
        actions.turn_into_incident(by=self.by, ref=self.ref, **self.cleaned_data)


class EraseReporter(ActForm):
    head = _("Erase who reported this")
    button = _("Erase name and contact")
    done = _("Nothing of who reported this is left here.")
    consequence = _(
        "Name, contact, place and time as they were said, and the follow code are destroyed for good. The report stays."
    )
    grave = True

    reason = reason(required=True)

    def act(self) -> None:
        actions.erase_reporter(by=self.by, ref=self.ref, reason=self.cleaned_data["reason"])
