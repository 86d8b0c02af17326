"""Decisions that are asked for, and costs, in words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _


def money(amount: Decimal, currency: str) -> str:
    """Grouped, without empty cents."""
    return f"{amount:,.0f} {currency}" if amount == amount.to_integral_value() else f"{amount:,.2f} {currency}"


KIND: Final = {"kind": "cost_kind"}

SENTENCES: Final = {
    "incidents.DecisionAsked": Sentence(
        _("Asked %(of)s for a decision."), otherwise=_("Asked for a decision, of whoever may decide.")
    ),
    "incidents.DecisionMade": Sentence(_("Decided: answer %(number)s.")),
    "incidents.DecisionWithdrawn": Sentence(_("Withdrew a question that was to be decided.")),
    "incidents.CostSet": Sentence(
        _("Corrected a cost (%(kind)s): %(amount)s %(currency)s, before %(amount_was)s."),
        labels=KIND,
        otherwise=_("Wrote down a cost (%(kind)s): %(amount)s %(currency)s."),
    ),
}

REASONS: Final[Mapping[str, Promise]] = {
    "is_decided": gettext_lazy("This is decided already. Whoever thinks otherwise asks again."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "cost_kind": {
        "response": pgettext_lazy("cost_kind", "Own work"),
        "restoring": pgettext_lazy("cost_kind", "Restoring and replacing"),
        "outside": pgettext_lazy("cost_kind", "Outside help"),
        "loss": pgettext_lazy("cost_kind", "Lost business and compensation"),
    },
    "cost_surety": {
        "guess": pgettext_lazy("cost_surety", "Estimated"),
        "paid": pgettext_lazy("cost_surety", "Paid or invoiced"),
    },
}
