"""Filters of lists, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "lists.FilterSaved": Sentence(
        _("Filter saved, version %(number)s, for: %(audience)s."), labels={"audience": "filter_for"}
    ),
    "lists.BatchBegun": Sentence(
        _("Changes several records in one go (%(deed)s): %(count)s."), labels={"deed": "batch_deed"}
    ),
    "lists.BatchUndone": Sentence(
        _("Takes back what was changed in one go (%(deed)s)."), labels={"deed": "batch_deed"}
    ),
    "lists.ColumnsLimited": Sentence(_("Limits of the board's columns set. Columns with a limit: %(count)s.")),
    "lists.FilterRemoved": Sentence(_("Filter removed that was for: %(audience)s."), labels={"audience": "filter_for"}),
}

REASONS: Final[Mapping[str, Promise]] = {
    "condition_unknown": gettext_lazy("This part of the filter is not known: %(piece)s"),
    "condition_value": gettext_lazy("This part of the filter has a value that cannot be used: %(piece)s"),
    "too_many_conditions": gettext_lazy("A filter may have %(limit)s conditions."),
    "notes_stay": gettext_lazy("A note is for good: it cannot be taken back."),
    "undone_already": gettext_lazy("This was taken back already."),
    "too_many_filters": gettext_lazy("You keep %(limit)s filters already. Remove one first."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "filter_for": {
        "mine": pgettext_lazy("filter_for", "Only me"),
        "team": pgettext_lazy("filter_for", "My team"),
        "everyone": pgettext_lazy("filter_for", "Everybody"),
    },
    "calendar_kind": {
        "task": pgettext_lazy("calendar_kind", "Task until"),
        "clock": pgettext_lazy("calendar_kind", "Clock runs out"),
        "wait": pgettext_lazy("calendar_kind", "Wait ends"),
        "shift": pgettext_lazy("calendar_kind", "On call"),
        "gap": pgettext_lazy("calendar_kind", "Nobody on call"),
        "silence": pgettext_lazy("calendar_kind", "Silence"),
        "review": pgettext_lazy("calendar_kind", "Review"),
    },
    "batch_deed": {
        "owner": pgettext_lazy("batch_deed", "Owner"),
        "priority": pgettext_lazy("batch_deed", "Priority"),
        "note": pgettext_lazy("batch_deed", "Note"),
    },
    "given_back": {
        "given_back": pgettext_lazy("given_back", "Given back"),
        "changed_since": pgettext_lazy("given_back", "Left: somebody has gone on since"),
        "not_allowed": pgettext_lazy("given_back", "Left: you may no longer change it"),
        "not_found": pgettext_lazy("given_back", "Left: it is no longer yours to see"),
        "invalid": pgettext_lazy("given_back", "Left: it can no longer be so"),
        "conflict": pgettext_lazy("given_back", "Left: somebody has gone on since"),
    },
    "home_opening": {
        "people": pgettext_lazy("home_opening", "Add people, give them roles, hand over their links"),
        "detector": pgettext_lazy("home_opening", "Connect a detector and send one alert"),
        "assets": pgettext_lazy("home_opening", "Enter what must be protected"),
        "rota": pgettext_lazy("home_opening", "Say who is called when nobody is at the desk"),
    },
    "home_step": {
        "called": pgettext_lazy("home_step", "You are being called about this, and nobody has answered."),
        "nobody_on_critical": pgettext_lazy("home_step", "Critical, and nobody has it. Take it."),
        "decision": pgettext_lazy("home_step", "This decision waits for you."),
        "mine_overdue": pgettext_lazy("home_step", "Its time has run out, and it is yours."),
        "task_overdue": pgettext_lazy("home_step", "A task of yours is past its time."),
        "mine_gravest": pgettext_lazy("home_step", "The gravest of yours. Go on with it."),
        "nobody_on": pgettext_lazy("home_step", "Nobody has this one. Look whether it is yours to take."),
        "question": pgettext_lazy("home_step", "The desk has asked you something about what you reported."),
        "nothing": pgettext_lazy("home_step", "Nothing waits for you right now."),
        "report": pgettext_lazy("home_step", "Is something odd? Report it. You need not be sure."),
    },
    "list_field": {
        "priority": pgettext_lazy("list_field", "Priority"),
        "status": pgettext_lazy("list_field", "Status"),
        "phase": pgettext_lazy("list_field", "Phase"),
        "kind": pgettext_lazy("list_field", "Kind"),
        "class": pgettext_lazy("list_field", "Class"),
        "owner": pgettext_lazy("list_field", "Owner"),
        "team": pgettext_lazy("list_field", "Owner's team"),
        "organisation": pgettext_lazy("list_field", "Organisation"),
        "waiting": pgettext_lazy("list_field", "Waits for"),
        "left": pgettext_lazy("list_field", "Time left"),
        "opened": pgettext_lazy("list_field", "Opened"),
        "updated": pgettext_lazy("list_field", "Last change"),
        "title": pgettext_lazy("list_field", "Title"),
        "answer": pgettext_lazy("list_field", "Answer to a question"),
        "world": pgettext_lazy("list_field", "Real or drill"),
    },
    "list_op": {
        "is": pgettext_lazy("list_op", "is one of"),
        "not": pgettext_lazy("list_op", "is none of"),
        "to": pgettext_lazy("list_op", "is this or graver"),
        "was": pgettext_lazy("list_op", "was one of"),
        "changed": pgettext_lazy("list_op", "changed"),
        "under": pgettext_lazy("list_op", "less than … hours"),
        "over": pgettext_lazy("list_op", "has run out"),
        "last": pgettext_lazy("list_op", "in the last … days"),
        "before": pgettext_lazy("list_op", "before the day"),
        "after": pgettext_lazy("list_op", "from the day on"),
        "has": pgettext_lazy("list_op", "holds the words"),
        "lacks": pgettext_lazy("list_op", "does not hold the words"),
        "from": pgettext_lazy("list_op", "is this number or more"),
        "upto": pgettext_lazy("list_op", "is this number or less"),
    },
    "list_period": {
        "ever": pgettext_lazy("list_period", "ever"),
        "1d": pgettext_lazy("list_period", "in the last 24 hours"),
        "7d": pgettext_lazy("list_period", "in the last 7 days"),
        "30d": pgettext_lazy("list_period", "in the last 30 days"),
        "90d": pgettext_lazy("list_period", "in the last 90 days"),
        "this_week": pgettext_lazy("list_period", "this week"),
        "last_week": pgettext_lazy("list_period", "last week"),
        "this_month": pgettext_lazy("list_period", "this month"),
        "last_month": pgettext_lazy("list_period", "last month"),
    },
    "list_column": {
        "phase": pgettext_lazy("list_column", "Phase"),
        "owner": pgettext_lazy("list_column", "Owner"),
        "left": pgettext_lazy("list_column", "Time left"),
        "opened": pgettext_lazy("list_column", "Open for"),
        "updated": pgettext_lazy("list_column", "Last change"),
        "kind": pgettext_lazy("list_column", "Kind"),
        "class": pgettext_lazy("list_column", "Class"),
        "organisation": pgettext_lazy("list_column", "Organisation"),
        "waiting": pgettext_lazy("list_column", "Waits for"),
    },
    "list_order": {
        "priority": pgettext_lazy("list_order", "What burns first"),
        "due": pgettext_lazy("list_order", "What runs out first"),
        "updated": pgettext_lazy("list_order", "What moved last"),
        "newest": pgettext_lazy("list_order", "Newest first"),
        "oldest": pgettext_lazy("list_order", "Oldest first"),
    },
    "list_group": {
        "owner": pgettext_lazy("list_group", "By owner"),
        "kind": pgettext_lazy("list_group", "By kind"),
        "phase": pgettext_lazy("list_group", "By phase"),
        "priority": pgettext_lazy("list_group", "By priority"),
    },
}

CONDITIONS: Final[Mapping[str, Promise]] = {
    "is": gettext_lazy("%(field)s: %(values)s"),
    "not": gettext_lazy("%(field)s is not %(values)s"),
    "to": gettext_lazy("%(field)s: %(values)s or graver"),
    "was": gettext_lazy("%(field)s was %(values)s %(period)s"),
    "changed": gettext_lazy("%(field)s changed %(period)s"),
    "under": gettext_lazy("%(field)s: less than %(values)s hours"),
    "over": gettext_lazy("%(field)s has run out"),
    "last": gettext_lazy("%(field)s in the last %(values)s days"),
    "before": gettext_lazy("%(field)s before %(values)s"),
    "after": gettext_lazy("%(field)s from %(values)s on"),
    "has": gettext_lazy("%(field)s holds “%(values)s”"),
    "lacks": gettext_lazy("%(field)s does not hold “%(values)s”"),
    "from": gettext_lazy("%(field)s: %(values)s or more"),
    "upto": gettext_lazy("%(field)s: %(values)s or less"),
}
"""One condition as a person says it, by its operator."""

JOINTS: Final[Mapping[str, Promise]] = {
    "values": gettext_lazy("%(one)s or %(other)s"),
    "and": gettext_lazy("%(one)s, and %(other)s"),
    "or": gettext_lazy("%(one)s; or: %(other)s"),
}
"""How two of them are said together."""
