"""Somebody called: their words first, what it is afterwards."""

import secrets
from typing import ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hikeshi.forms.actions import answered
from hikeshi.forms.boxes import MARK, Questions, Row
from hikeshi.forms.queries import Offered
from hikeshi.incidents import actions
from hikeshi.incidents.actions import Received
from hikeshi.incidents.codes import RecordClass
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.web.choosing import LocalMoment, kinds, level, name_levels, offer, offer_places


class Call(forms.Form):
    CLASSES: ClassVar = (RecordClass.NEAR_MISS, RecordClass.INCIDENT, RecordClass.ACCIDENT)

    words = forms.CharField(
        label=_("What the caller says, in their words"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True}),
    )
    caller = forms.CharField(label=_("Who is calling"), required=False, max_length=500)
    contact = forms.CharField(
        label=_("Call back at"),
        required=False,
        max_length=500,
        help_text=_("Read it back. Call back a number you know before you act on a stranger's word."),
    )
    called_at = LocalMoment(label=_("When they called"))
    advised = forms.CharField(
        label=_("What you advised"),
        required=False,
        max_length=20_000,
        help_text=_("The caller can read this later with the follow code."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    record_class = forms.TypedChoiceField(
        label=_("What is it"), coerce=RecordClass, empty_value=None, required=False, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label=_("Kind"))
    impact = level(_("Impact: how many are hit"), 3)
    effect = level(_("Effect on the service"), 3)
    urgency = level(_("Urgency"), 2)
    language = forms.ChoiceField(label=_("The caller speaks"))
    organisation = forms.TypedChoiceField(label=_("Where"), coerce=UUID)
    nonce = forms.CharField(widget=forms.HiddenInput, max_length=100)

    def __init__(self, *, by: Actor, data: QueryDict | None = None, of: Offered | None = None) -> None:
        """``of``: a form of the site for calls, whose questions are asked besides."""
        start = {"called_at": clock.now(), "nonce": secrets.token_hex(16), "language": by.language}
        super().__init__(data, initial=start)
        undecided = [("", str(_("Not decided yet")))]
        decided = [(one.value, labels.label("record_class", one)) for one in self.CLASSES]
        offer(self, "record_class", undecided + decided)
        offer(self, "kind", kinds(empty=_("Choose")))
        offer(self, "language", settings.LANGUAGES)
        name_levels(self)
        offer_places(self, by)
        self.questions = Questions(by, of, (get_language() or "ja")[:2], data) if of is not None else None
        if self.questions is not None:
            self.fields["form_version"] = forms.IntegerField(
                required=False, widget=forms.HiddenInput, initial=self.questions.of.number
            )
            self.fields.update(self.questions.words())

    @property
    def asked(self) -> list[Row]:
        rows = self.questions.rows(self) if self.questions else ()
        return [row for row in rows if row.box.name.startswith(MARK)]

    def clean(self) -> dict[str, object]:
        said = super().clean() or self.cleaned_data
        if self.questions is not None:
            self.questions.check(self)
            if self.questions.unseen and not self.errors:
                self.add_error(None, _("There are a few more questions, because of what you chose."))
        return said

    def log(self, by: Actor) -> Received:
        """Raises what the verb raises."""
        kept = answered(by, self.questions.of, self.questions.given(self)) if self.questions else None
        own = {name: said for name, said in self.cleaned_data.items() if not name.startswith((MARK, "form_version"))}
        return actions.log_call(by=by, answered=kept, **own)
