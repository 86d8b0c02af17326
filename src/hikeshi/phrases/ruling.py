"""What happens to a site's rules, in words."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "intake.RuleSaved": Sentence(_("Wrote version %(number)s of rule %(code)s.")),
    "intake.RuleSwitchedOn": Sentence(
        _("Switched on rule %(code)s, version %(number)s. Tried on %(of)s alerts, it would have decided %(hits)s."),
    ),
    "intake.RuleFailed": Sentence(_("The desk switched off rule %(code)s: %(fault)s."), {"fault": "rule_fault"}),
    "intake.RuleSwitchedOff": Sentence(_("Switched off rule %(code)s.")),
    "intake.RuleReviewed": Sentence(_("Looked at rule %(code)s; to be looked at again by %(review)s.")),
}


@dataclass(frozen=True, slots=True)
class Told:
    title: str
    text: str


def failed_words(code: str, fault: str) -> Told:
    """``fault`` in words."""
    head = gettext("The desk switched off rule %(code)s: %(fault)s") % {"code": code, "fault": fault}
    return Told(head, gettext("The other rules judge on. Mend it, try it on what came lately, and switch it on again."))
