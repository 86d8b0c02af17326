"""What happens to alerts, in words."""

from typing import Final

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "intake.Digested": Sentence(_("Digested alerts: %(alerts)s (new: %(new)s, put aside: %(parked)s)")),
    "intake.AlertJudged": Sentence(
        _("Rule %(rule)s judged an alert of %(source)s: %(verdict)s"), {"verdict": "verdict"}
    ),
    "intake.AlertResolved": Sentence(_("%(source)s says that an alert is over.")),
    "intake.CaseLinked": Sentence(_("Alerts now belong to this case.")),
    "intake.VerdictCorrected": Sentence(
        _("Changed an alert's verdict from %(before)s to %(after)s."), {"before": "verdict", "after": "verdict"}
    ),
    "intake.Parked": Sentence(_("Put aside what %(source)s sent, because it could not be read. Alerts: %(alerts)s.")),
    "intake.Replayed": Sentence(_("Read what %(source)s had sent and was put aside. Alerts: %(alerts)s.")),
    "intake.ParkedDismissed": Sentence(_("Let go of what %(source)s had sent and was put aside. Alerts: %(alerts)s.")),
}
