"""Plans of tasks, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "incidents.TaskPlanned": Sentence(
        _("Planned a task: %(start_at)s to %(due_at)s."), otherwise=_("Changed the plan of a task.")
    ),
    "incidents.MilestoneSet": Sentence(_("Milestone set for %(day)s.")),
    "incidents.MilestoneRemoved": Sentence(_("Milestone removed.")),
}

REASONS: Final[Mapping[str, Promise]] = {
    "goes_round": gettext_lazy("These tasks would wait for each other in a circle. Leave one of them out."),
    "due_before_start": gettext_lazy("It must be due after it starts."),
    "milestone_gone": gettext_lazy("This milestone is not there any more. Choose another."),
    "year_out_of_range": gettext_lazy("The year must lie between %(low)s and %(high)s."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "gantt_group": {
        "record": pgettext_lazy("gantt_group", "By incident"),
        "owner": pgettext_lazy("gantt_group", "By owner"),
        "kind": pgettext_lazy("gantt_group", "By kind"),
        "milestone": pgettext_lazy("gantt_group", "By milestone"),
    },
}
