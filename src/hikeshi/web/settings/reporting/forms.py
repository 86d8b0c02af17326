from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import Reporting
from hikeshi.kernel.acting import Actor
from hikeshi.web.choosing import offer


class Rules(forms.Form):
    open_to_all = forms.BooleanField(
        label=_("Anybody who reaches this site may report, without an account"),
        help_text=_("Off: only people with an account. Following by code works either way."),
        required=False,
    )
    organisation = forms.TypedChoiceField(label=_("Reports without an account belong to"), coerce=UUID)
    answer_days = forms.IntegerField(
        label=_("Days after the end in which a reporter may say that it is not settled"), min_value=1, max_value=365
    )

    def __init__(self, by: Actor, now: Reporting, data: object = None) -> None:
        start = {"open_to_all": now.open_to_all, "organisation": now.organisation.uuid, "answer_days": now.answer_days}
        super().__init__(data, initial=start)  # type: ignore[arg-type]  # a QueryDict, or None
        places = [(str(one.uuid), one.name) for one in accounts.organisations(by, Verb.CONFIGURE)]
        offer(self, "organisation", places)
