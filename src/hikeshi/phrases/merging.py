"""Records that become one, part again, or belong under one another, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "incidents.Merged": Sentence(_("Merged into another incident. Work goes on there.")),
    "incidents.TookIn": Sentence(_("Another incident was merged into this one. Alerts that came with it: %(count)s.")),
    "incidents.Unmerged": Sentence(_("Un-merged: stands by itself again.")),
    "incidents.GaveBack": Sentence(_("Gave back what a merge had brought. Alerts given back: %(count)s.")),
    "incidents.SplitOut": Sentence(_("Split a part of this out into a new incident. Alerts that went: %(count)s.")),
    "incidents.SplitFrom": Sentence(_("Began as a part of another incident.")),
    "incidents.PutUnder": Sentence(_("Put under another incident, as one of its reports.")),
    "incidents.ReportsPutUnder": Sentence(_("Incidents put under this one: %(count)s.")),
    "incidents.TakenFromUnder": Sentence(_("No longer stands under another incident.")),
}

REASONS: Final[Mapping[str, Promise]] = {
    "is_merged": gettext_lazy("This was merged into another incident. Work goes on there; un-merge it to work here."),
    "not_merged": gettext_lazy("This is not merged into another incident."),
    "no_such_record": gettext_lazy("There is no such incident, or it is not for you to see."),
    "merge_itself": gettext_lazy("An incident cannot be merged into itself."),
    "merged_already": gettext_lazy("That one was merged into another itself. Choose the one that goes on."),
    "merge_needs_open": gettext_lazy("The one that goes on must be open. Reopen it first."),
    "merge_would_widen": gettext_lazy(
        "More people would see it there. Merge the other way round, or put it under the other as a report."
    ),
    "merge_upside_down": gettext_lazy("It stands under this one. Merge the other way round."),
    "merge_deep": gettext_lazy(
        "Others stand under this one, and that one stands under another itself. Merge into the topmost."
    ),
    "merge_changed": gettext_lazy("This has changed since you looked. Read again what would happen."),
    "unmerge_first": gettext_lazy("The one it was merged into is merged itself. Un-merge that one first."),
    "under_deep": gettext_lazy("That one stands under another itself. Put it under the topmost."),
    "not_under": gettext_lazy("This does not stand under another incident."),
    "has_reports": gettext_lazy("%(ref)s has others under it. Take them out first."),
    "no_such_incident": gettext_lazy("There is no incident %(ref)s, or it is not for you to see."),
    "under_itself": gettext_lazy("It would stand under itself."),
    "under_closed": gettext_lazy("The one above is closed. Reopen it first."),
    "nothing_chosen": gettext_lazy("Choose at least one."),
    "not_of_it": gettext_lazy("Something chosen does not belong to this incident any more."),
}
