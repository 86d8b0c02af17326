"""The form for who answers for a source, and how long it may say nothing."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.intake.actions import MOST_QUIET_DAYS
from hikeshi.intake.queries import ruling
from hikeshi.intake.queries.sourcing import Line
from hikeshi.kernel.acting import Actor
from hikeshi.web.choosing import offer


class WatchForm(forms.Form):
    quiet_days = forms.IntegerField(
        label=_("Tell of silence after (days)"),
        min_value=0,
        max_value=MOST_QUIET_DAYS,
        required=False,
        help_text=_(
            "Empty: learned from when it usually speaks, and a week until enough is known. 0 for a source that may say "
            "nothing for as long as it likes."
        ),
    )
    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, by: Actor, line: Line, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"quiet_days": line.quiet_days, "owner": line.owner})
        offer(self, "owner", [("", str(_("whoever keeps the sources"))), *ruling.owners(by)])
