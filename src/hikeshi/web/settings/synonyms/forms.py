"""Words that mean the same, as people write them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.finding.queries import InForce
from hikeshi.web.settings.saving import Versioned


class Groups(Versioned):
    groups = forms.CharField(
        label=_("Groups of words"),
        required=False,
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "A line for each group, commas between the words. They count from the next search on. Spellings and "
            "endings of one word need no line."
        ),
    )

    def __init__(self, now: InForce, data: object = None) -> None:
        super().__init__(data, initial={"groups": now.content, "version": now.number})  # type: ignore[arg-type]  # a QueryDict, or None
