"""What happens to the sources a site maps itself, in words."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "intake.SourceSaved": Sentence(_("Wrote version %(number)s of source %(code)s. What comes is read with it.")),
    "intake.SourceTakenOut": Sentence(_("Took the site's own source %(code)s out of use.")),
    "intake.SourceWatched": Sentence(_("Source %(code)s is told of after days without a word: %(days)s (0: never).")),
}


@dataclass(frozen=True, slots=True)
class Told:
    title: str
    text: str


def silent_words(name: str, days: int) -> Told:
    head = gettext("%(source)s has sent nothing for %(days)s days") % {"source": name, "days": days}
    return Told(head, gettext("Perhaps all is calm; perhaps it can no longer reach this desk. Send a test alert."))
