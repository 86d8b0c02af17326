"""What happens to the sources a site maps itself, in words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

HOURS: Final = 48
"""Below, a silence is told in hours."""
SENTENCES: Final = {
    "intake.SourceSaved": Sentence(_("Wrote version %(number)s of source %(code)s. What comes is read with it.")),
    "intake.SourceTakenOut": Sentence(_("Took the site's own source %(code)s out of use.")),
    "intake.SourceWatched": Sentence(
        _("Source %(code)s is told of after days without a word: %(days)s (0: never)."),
        otherwise=_("Source %(code)s is told of when it says nothing for longer than is usual for it."),
    ),
    "intake.TopicAllowed": Sentence(_("Amazon SNS topic %(arn)s may send to source %(source)s.")),
    "intake.TopicAsked": Sentence(_("Amazon SNS asked to send %(arn)s to source %(source)s.")),
    "intake.TopicConfirmed": Sentence(_("Amazon SNS sends %(arn)s to source %(source)s.")),
    "intake.TopicEnded": Sentence(_("Amazon SNS no longer sends %(arn)s to source %(source)s.")),
    "intake.TopicRemoved": Sentence(_("Amazon SNS topic %(arn)s may no longer send to source %(source)s.")),
}


@dataclass(frozen=True, slots=True)
class Told:
    title: str
    text: str


def silent_words(name: str, since: timedelta) -> Told:
    hours = since // timedelta(hours=1)
    head = gettext("%(source)s has sent nothing for %(days)s days") % {"source": name, "days": since.days}
    if hours < HOURS:
        head = gettext("%(source)s has sent nothing for %(hours)s hours") % {"source": name, "hours": hours}
    return Told(head, gettext("Perhaps all is calm; perhaps it can no longer reach this desk. Send a test alert."))
