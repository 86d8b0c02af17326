"""For which records something is written: classes, kinds, organisations, services that are hit."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.assets import queries as stock
from hikeshi.incidents import names
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.web.choosing import offer
from hikeshi.web.settings import choices
from hikeshi.web.settings.saving import Versioned

SCOPE: Final = ("classes", "kinds", "organisations", "assets")
MOST_SERVICES: Final = 200
"""Longer lists help nobody to choose."""


class Scoped(Versioned):
    classes = forms.MultipleChoiceField(
        label=_("Classes"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all.")
    )
    kinds = forms.MultipleChoiceField(
        label=_("Kinds"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("None chosen: all."),
    )
    organisations = forms.MultipleChoiceField(
        label=_("Organisations, with all below them"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text=_("None chosen: all."),
    )
    assets = forms.MultipleChoiceField(
        label=_("Services and systems that are hit"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text=_("None chosen: whatever is hit."),
    )

    def offer_scope(self, by: Actor) -> None:
        """Places and services ``by`` does not see are no choice."""
        kinds = names.in_use().kinds.items()
        services = stock.assets(by).filter(kind__in=("service", "system")).order_by("name")[:MOST_SERVICES]
        offer(self, "classes", labels.choices("record_class"))
        offer(self, "kinds", [(code, labels.label("kind", code)) for code, one in kinds if not one.retired])
        offer(self, "organisations", choices.organisations(by))
        offer(self, "assets", [(str(one.uuid), one.name) for one in services])
