"""Values known to be harmless, and alerts that flap, in words. Read before Django is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "intake.BenignListed": Sentence(_("Listed values as known to be harmless, until %(until)s.")),
    "intake.BenignReviewed": Sentence(_("Looked again at values known to be harmless: they count until %(until)s.")),
    "intake.BenignEnded": Sentence(_("Took values off the list of what is known to be harmless.")),
    "intake.NoiseReportSet": Sentence(
        _("Whether the noise of each week is sent to owners of sources and rules: %(on)s."), {"on": "noise_report"}
    ),
    "intake.FlappingSet": Sentence(
        _("An alert counts as flapping from %(changes)s changes within %(minutes)s minutes (0: never).")
    ),
    "intake.FlappingSettled": Sentence(
        _("Alerts that flapped are steady. Judged: %(spoke)s, settled meanwhile: %(settled)s.")
    ),
}

REASONS: Final[Mapping[str, Promise]] = {
    "benign_none": gettext_lazy("Name at least one value."),
    "benign_many": gettext_lazy("At most 1,000 values."),
    "benign_value": gettext_lazy("Line %(line)s: “%(detail)s” is no value of this kind."),
    "benign_network": gettext_lazy("Line %(line)s: the network “%(detail)s” is too wide."),
    "benign_too_long": gettext_lazy("For a year at most. Then somebody looks at it again."),
    "benign_over": gettext_lazy("It is over already. Set another one."),
}

LABELS: Final[Mapping[str, Mapping[str, Promise | str]]] = {
    "benign_kind": {
        "address": gettext_lazy("Address or network"),
        "host": gettext_lazy("Host"),
        "user": gettext_lazy("User"),
        "domain": gettext_lazy("Domain"),
        "email": gettext_lazy("Mail address"),
        "hash": gettext_lazy("Hash"),
        "process": gettext_lazy("Process"),
        "file": gettext_lazy("File"),
    },
    "noise_report": {"True": pgettext_lazy("noise_report", "yes"), "False": pgettext_lazy("noise_report", "no")},
    "benign_stand": {
        "counts": pgettext_lazy("benign_stand", "In force"),
        "review": pgettext_lazy("benign_stand", "To be looked at again"),
        "over": pgettext_lazy("benign_stand", "Over"),
    },
}


@dataclass(frozen=True, slots=True)
class Loud:
    """One line of the week. ``titles``: how many that differ in numbers alone; addresses may be empty."""

    source: str
    title: str
    alerts: int
    titles: int
    silence: str
    rule: str


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    text: str


def noise_words(alerts: int, lines: Sequence[Loud]) -> Report:
    head = gettext("Noise of the week: %(count)s alerts waited for people") % {"count": f"{alerts:,}"}
    said = [gettext("Each one cost somebody a look. What came most often, and what could be done about it:")]
    said += [_loud(one) for one in lines]
    said.append(gettext("Whoever keeps sources and rules can switch this report off on its page."))
    return Report(head, "\n\n".join(said))


def _loud(one: Loud) -> str:
    words = [f"{one.alerts:,} × {one.source}: {one.title}"]
    if one.titles > 1:
        words.append(gettext("More titles that differ in numbers alone: %(count)s") % {"count": f"{one.titles - 1:,}"})
    if one.silence:
        words.append(gettext("Silence these: %(url)s") % {"url": one.silence})
    if one.rule:
        words.append(gettext("Write a rule for these: %(url)s") % {"url": one.rule})
    return "\n".join(words)
