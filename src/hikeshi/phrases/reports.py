"""What happens between the desk and whoever reported, in words."""

from typing import Final

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "incidents.ReportReceived": Sentence(
        _("A report came in (%(via)s): %(purpose)s."), {"via": "via", "purpose": "purpose"}
    ),
    "incidents.MessageSent": Sentence(_("Wrote to the reporter.")),
    "incidents.QuestionAsked": Sentence(_("Asked the reporter a question.")),
    "incidents.MessageReceived": Sentence(_("Words of the reporter.")),
    "incidents.QuestionWithdrawn": Sentence(_("Withdrew a question to the reporter.")),
    "incidents.MessagesRead": Sentence(_("Took note of messages of the reporter: %(count)s.")),
    "incidents.FollowCodeRenewed": Sentence(_("Gave the reporter a new follow code; the old one has ended.")),
    "incidents.ReporterErased": Sentence(_("Erased who reported this and how to reach them.")),
    "incidents.Rated": Sentence(_("The reporter's satisfaction: %(score)s of 5.")),
    "incidents.ReportingSet": Sentence(_("Changed how reports are taken (version %(number)s).")),
}
