"""Silences in words: what happened to them, why one cannot be set, how often one comes. Read before Django is."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "intake.SilenceSet": Sentence(
        _("Set a silence from %(starts_at)s to %(ends_at)s (%(every)s)."), {"every": "silence_every"}
    ),
    "intake.SilenceEnded": Sentence(_("Ended a silence before its time.")),
    "intake.SilenceSpoke": Sentence(_("A silence was over. Alerts judged: %(spoke)s, settled meanwhile: %(settled)s.")),
}

REASONS: Final[Mapping[str, Promise]] = {
    "matcher_line": gettext_lazy("Line %(line)s: write a name, one of = != =~ !~, and a value: host = db1"),
    "matcher_name": gettext_lazy(
        "Line %(line)s: nothing is called “%(detail)s”. Possible are source, title, severity, host, user, address, "
        "rule, product, key and label.NAME."
    ),
    "matcher_pattern": gettext_lazy("Line %(line)s: the pattern cannot be used. %(detail)s"),
    "matcher_all": gettext_lazy("This would hold every alert. Name at least one value."),
    "matcher_many": gettext_lazy("At most 20 conditions."),
    "ends_before_start": gettext_lazy("It must end after it begins."),
    "silence_too_long": gettext_lazy("A silence lasts a year at most."),
    "silence_overlaps": gettext_lazy("One window must be over before the next one begins."),
}

LABELS: Final[Mapping[str, Mapping[str, Promise | str]]] = {
    "silence_every": {
        "once": pgettext_lazy("silence_every", "Once"),
        "day": pgettext_lazy("silence_every", "Every day"),
        "week": pgettext_lazy("silence_every", "Every week"),
    },
    "snooze_hours": {
        "1": gettext_lazy("1 hour"),
        "4": gettext_lazy("4 hours"),
        "8": gettext_lazy("8 hours"),
        "24": gettext_lazy("1 day"),
        "72": gettext_lazy("3 days"),
        "168": gettext_lazy("1 week"),
    },
    "silence_stand": {
        "holds": pgettext_lazy("silence_stand", "Holds alerts now"),
        "comes": pgettext_lazy("silence_stand", "Not begun"),
        "speaking": pgettext_lazy("silence_stand", "Ending"),
        "over": pgettext_lazy("silence_stand", "Over"),
    },
}
