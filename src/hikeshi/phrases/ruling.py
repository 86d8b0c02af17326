"""What happens to a site's rules, in words."""

from typing import Final

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "intake.RuleSaved": Sentence(_("Wrote version %(number)s of rule %(code)s.")),
    "intake.RuleSwitchedOn": Sentence(
        _("Switched on rule %(code)s, version %(number)s. Tried on %(of)s alerts, it would have decided %(hits)s."),
    ),
    "intake.RuleSwitchedOff": Sentence(_("Switched off rule %(code)s.")),
    "intake.RuleReviewed": Sentence(_("Looked at rule %(code)s; to be looked at again by %(review)s.")),
}
