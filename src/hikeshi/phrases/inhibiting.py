"""Inhibitions in words: what happened to them and why one cannot be set. Read before Django is."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "intake.InhibitionSet": Sentence(
        _("Set version %(number)s of an inhibition: one alert holds others, %(hours)s hours at most unheard.")
    ),
    "intake.InhibitionEnded": Sentence(_("Ended an inhibition.")),
    "intake.InhibitionSpoke": Sentence(
        _(
            "What an alert explains was looked at. Held from now on: %(held)s, judged: %(spoke)s, settled meanwhile: "
            "%(settled)s."
        )
    ),
}

REASONS: Final[Mapping[str, Promise]] = {
    "equal_many": gettext_lazy("At most 10 names."),
    "inhibition_over": gettext_lazy("It is over already. Set another one."),
}

LABELS: Final[Mapping[str, Mapping[str, Promise | str]]] = {
    "inhibition_hours": {
        "1": gettext_lazy("1 hour"),
        "4": gettext_lazy("4 hours"),
        "8": gettext_lazy("8 hours"),
        "24": gettext_lazy("1 day"),
        "72": gettext_lazy("3 days"),
    },
    "inhibition_stand": {
        "holds": pgettext_lazy("inhibition_stand", "Holds alerts now"),
        "waits": pgettext_lazy("inhibition_stand", "In force"),
        "speaking": pgettext_lazy("inhibition_stand", "Ending"),
        "over": pgettext_lazy("inhibition_stand", "Over"),
    },
}
