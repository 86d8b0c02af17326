"""Somebody called: their words first, what it is afterwards."""

import secrets
from typing import ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

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

    def __init__(self, *, by: Actor, data: QueryDict | None = None) -> None:
        start = {"called_at": clock.now(), "nonce": secrets.token_hex(16), "language": by.language}
        super().__init__(data, initial=start)
        undecided = [("", str(_("Not decided yet")))]
        decided = [(one.value, labels.label("record_class", one)) for one in self.CLASSES]
        offer(self, "record_class", undecided + decided)
        offer(self, "kind", kinds(empty=_("Choose")))
        offer(self, "language", settings.LANGUAGES)
        name_levels(self)
        offer_places(self, by)
