"""Figures in words: what each is called, and how it is counted."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "figures.BoardKept": Sentence(
        _("Dashboard kept, version %(number)s, for: %(audience)s."), labels={"audience": "filter_for"}
    ),
    "figures.BoardRemoved": Sentence(
        _("Dashboard removed that was for: %(audience)s."), labels={"audience": "filter_for"}
    ),
}

REASONS: Final[Mapping[str, Promise]] = {
    "too_many_tiles": gettext_lazy("A dashboard may have %(limit)s tiles."),
    "too_many_boards": gettext_lazy("You keep %(limit)s dashboards already. Remove one first."),
    "too_many_days": gettext_lazy("A period may have %(limit)s days: a longer one would read the whole archive."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "tile": {
        "opened-time": pgettext_lazy("tile", "Records opened"),
        "opened-kind": pgettext_lazy("tile", "Opened, by kind"),
        "opened-priority": pgettext_lazy("tile", "Opened, by priority"),
        "opened-class": pgettext_lazy("tile", "Opened, by class"),
        "opened-organisation": pgettext_lazy("tile", "Opened, by organisation"),
        "open-age": pgettext_lazy("tile", "Open now, by age"),
        "open-priority": pgettext_lazy("tile", "Open now, by priority"),
        "open-kind": pgettext_lazy("tile", "Open now, by kind"),
        "open-class": pgettext_lazy("tile", "Open now, by class"),
        "near_miss-time": pgettext_lazy("tile", "Near misses and incidents"),
        "times-measure": pgettext_lazy("tile", "Times to detect, contain and recover"),
        "kept-measure": pgettext_lazy("tile", "Service levels kept"),
        "load-owner": pgettext_lazy("tile", "Open records per person"),
        "noise-stage": pgettext_lazy("tile", "From alerts to work"),
        "satisfaction-score": pgettext_lazy("tile", "How satisfied reporters are"),
        "cost-spent": pgettext_lazy("tile", "What records have cost"),
    },
    "figure_series": {
        "records": pgettext_lazy("figure_series", "Records"),
        "near_miss": pgettext_lazy("figure_series", "Near misses"),
        "grave": pgettext_lazy("figure_series", "Incidents and accidents"),
        "counted": pgettext_lazy("figure_series", "Records counted"),
        "median": pgettext_lazy("figure_series", "Median"),
        "p90": pgettext_lazy("figure_series", "Nine in ten within"),
        "mean": pgettext_lazy("figure_series", "Mean"),
        "percent": pgettext_lazy("figure_series", "Kept"),
        "met": pgettext_lazy("figure_series", "In time"),
        "missed": pgettext_lazy("figure_series", "Too late"),
        "count": pgettext_lazy("figure_series", "Count"),
        "answers": pgettext_lazy("figure_series", "Answers"),
        "paid": pgettext_lazy("figure_series", "Paid"),
        "guessed": pgettext_lazy("figure_series", "Estimated"),
    },
    "figure_by": {
        "time": pgettext_lazy("figure_by", "From"),
        "kind": pgettext_lazy("figure_by", "Kind"),
        "priority": pgettext_lazy("figure_by", "Priority"),
        "class": pgettext_lazy("figure_by", "Class"),
        "organisation": pgettext_lazy("figure_by", "Organisation"),
        "age": pgettext_lazy("figure_by", "Opened"),
        "owner": pgettext_lazy("figure_by", "Owner"),
        "measure": pgettext_lazy("figure_by", "Time"),
        "stage": pgettext_lazy("figure_by", "Step"),
        "score": pgettext_lazy("figure_by", "Answer"),
        "spent": pgettext_lazy("figure_by", "What for"),
    },
    "figure_age": {
        "today": pgettext_lazy("figure_age", "today"),
        "days_3": pgettext_lazy("figure_age", "1 to 3 days ago"),
        "week": pgettext_lazy("figure_age", "4 to 7 days ago"),
        "month": pgettext_lazy("figure_age", "8 to 30 days ago"),
        "quarter": pgettext_lazy("figure_age", "31 to 90 days ago"),
        "longer": pgettext_lazy("figure_age", "longer ago"),
    },
    "figure_stage": {
        "received": pgettext_lazy("figure_stage", "Reports received"),
        "alerts": pgettext_lazy("figure_stage", "Alerts, once folded"),
        "attention": pgettext_lazy("figure_stage", "Alerts that need somebody"),
        "records": pgettext_lazy("figure_stage", "Records they belong to"),
    },
    "mean": {
        "mttd": pgettext_lazy("mean", "MTTD (to detect)"),
        "mtti": pgettext_lazy("mean", "MTTI (to identify)"),
        "mtta": pgettext_lazy("mean", "MTTA (to acknowledge)"),
        "mttc": pgettext_lazy("mean", "MTTC (to contain)"),
        "mttr": pgettext_lazy("mean", "MTTR (to recover)"),
    },
    "score": {
        "5": pgettext_lazy("score", "5 (very satisfied)"),
        "4": pgettext_lazy("score", "4"),
        "3": pgettext_lazy("score", "3"),
        "2": pgettext_lazy("score", "2"),
        "1": pgettext_lazy("score", "1 (not at all)"),
    },
    "stretch": {
        "7d": pgettext_lazy("stretch", "Last 7 days"),
        "30d": pgettext_lazy("stretch", "Last 30 days"),
        "90d": pgettext_lazy("stretch", "Last 90 days"),
        "365d": pgettext_lazy("stretch", "Last 365 days"),
        "this_month": pgettext_lazy("stretch", "This month"),
        "last_month": pgettext_lazy("stretch", "Last month"),
        "this_year": pgettext_lazy("stretch", "This year"),
    },
}

HOW: Final[Mapping[str, Promise]] = {
    "opened": gettext_lazy(
        "Records opened in the period, whatever became of them since; parts merged into others too. By what they are "
        "now. An organisation counts with all that lies below it."
    ),
    "open": gettext_lazy("Records that are open now, whatever the period. Days are whole days in your time zone."),
    "near_miss": gettext_lazy(
        "Records opened in the period and now classed as a near miss, beside those classed as incident or accident."
    ),
    "times": gettext_lazy(
        "Of records opened in the period, each whose two times are both known and in order; merged parts are left out. "
        "Median first: one long case moves the mean."
    ),
    "kept": gettext_lazy(
        "Clocks of records opened in the period that have stopped, in time or not; one still running past its time "
        "counts as too late, one still within it does not count. Of days that are just being counted anew, the newest "
        "20,000 records at most."
    ),
    "load": gettext_lazy("Records that are open now and that you may see, by who owns them. Tasks do not count."),
    "noise": gettext_lazy(
        "Alerts first taken in during the period. Reports received: how often detectors have sent them until now. "
        "Those that need somebody wait for a decision or belong to a record. The period's newest 20,000 alerts at most."
    ),
    "cost": gettext_lazy(
        "Costs written down in records opened in the period, as they stand after corrections: paid, and only estimated "
        "so far. Whole units of each currency; nothing is converted."
    ),
    "satisfaction": gettext_lazy(
        "Answers of reporters to records opened in the period, from 5 to 1. The period's newest 20,000 records at most."
    ),
}
"""How each figure is counted; all of them count what the reader may see, and no drills."""

ALL: Final = gettext_lazy("Counted is what you may see; drills are left out.")
WAY: Final = gettext_lazy("%(name)s: from %(start)s to %(end)s")
"""One time of a set of definitions."""
OTHERWISE: Final = gettext_lazy("%(one)s, else %(other)s")
