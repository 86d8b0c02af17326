"""How long data is kept, and what went or was held back, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

CATEGORY: Final = {"category": "retention"}

SENTENCES: Final = {
    "retention.PeriodSet": Sentence(
        _("From now on kept for %(days)s days: %(category)s."),
        CATEGORY,
        otherwise=_("From now on kept until somebody decides: %(category)s."),
    ),
    "retention.Purged": Sentence(
        _("Deleted after %(days)s days: %(category)s. Rows: %(count)s, the oldest of %(oldest)s."), CATEGORY
    ),
    "retention.PurgePutOff": Sentence(
        _("The desk stood still, or its clock leapt: nothing of %(category)s is deleted before %(until)s."), CATEGORY
    ),
    "retention.HoldPlaced": Sentence(_("A hold on deletion began.")),
    "retention.HoldLifted": Sentence(_("A hold on deletion ended.")),
    "intake.AlertsPurged": Sentence(_("Alerts were deleted: their period was over.")),
    "incidents.DeletionHeld": Sentence(_("Held: nothing of this record is deleted until the hold is lifted.")),
    "incidents.DeletionReleased": Sentence(_("Lifted the hold: the periods of data count again.")),
    "incidents.FilesPurged": Sentence(_("Deleted files: their period was over.")),
    "incidents.RecordPurged": Sentence(_("Deleted the record: its period was over.")),
}

REASONS: Final[Mapping[str, Promise]] = {
    "below_least": gettext_lazy(
        "Below %(days)s days something named here asks for longer, of those it applies to. Confirm that you mean it."
    ),
    "held": gettext_lazy("This record is held: nothing of it may be deleted. Lift the hold first."),
    "held_already": gettext_lazy("A hold stands on this record already."),
    "not_held": gettext_lazy("No hold stands on this record."),
    "would_purge": gettext_lazy(
        "At the next run this would delete so many at once: %(count)s. Confirm that you mean it."
    ),
}
