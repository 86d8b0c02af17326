"""Searching, and words that mean the same, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "finding.SynonymsSet": Sentence(
        _("Words that mean the same, version %(number)s, as in version %(back_to)s. Groups: %(groups)s."),
        otherwise=_("Words that mean the same, version %(number)s. Groups: %(groups)s."),
    ),
}

REASONS: Final[Mapping[str, Promise]] = {
    "too_many_words": gettext_lazy("At most %(limit)s words at once. Leave the least important ones out."),
    "not_a_day": gettext_lazy("“%(value)s” is no day. Write it like 2026-04-01."),
    "unknown_value": gettext_lazy("“%(value)s” is not known for “%(name)s”. Choose one of: %(choices)s."),
    "group_of_one": gettext_lazy("Line %(line)s: write at least two words, with commas between."),
    "group_too_large": gettext_lazy("Line %(line)s: at most %(limit)s words in one group."),
    "word_not_usable": gettext_lazy("Line %(line)s: “%(word)s” is too long, or holds no letter."),
    "word_twice": gettext_lazy(
        "Line %(line)s: “%(word)s” stands in line %(first)s already. Put the two groups together."
    ),
    "too_many_groups": gettext_lazy("At most %(limit)s groups."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "found_kind": {
        "incident": pgettext_lazy("found_kind", "Incidents"),
        "alert": pgettext_lazy("found_kind", "Alerts"),
        "asset": pgettext_lazy("found_kind", "Assets"),
        "person": pgettext_lazy("found_kind", "People"),
    },
}
