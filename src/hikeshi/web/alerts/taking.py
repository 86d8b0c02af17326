"""The queue of alerts to take away, as it is narrowed on the page."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy

from hikeshi.intake import queries as intake
from hikeshi.intake.queries import Alert
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.alerts import forms
from hikeshi.web.lists import Column

COLUMNS: Sequence[Column[Alert]] = (
    Column("title", gettext_lazy("Title"), lambda it: it.title),
    Column("source", gettext_lazy("Source"), lambda it: it.source),
    Column("severity", gettext_lazy("Severity"), lambda it: it.severity, "severity"),
    Column("status", gettext_lazy("Status"), lambda it: it.status, "alert_status"),
    Column("count", gettext_lazy("Count"), lambda it: it.count),
    Column("first_seen", gettext_lazy("First seen"), lambda it: it.first_seen),
    Column("last_seen", gettext_lazy("Last seen"), lambda it: it.last_seen),
    Column("verdict", gettext_lazy("Verdict"), lambda it: it.verdict, "verdict"),
    Column("rule", gettext_lazy("Rule"), lambda it: it.rule),
    Column("incident", gettext_lazy("Incident"), lambda it: it.case_ref),
    Column(
        "observables",
        gettext_lazy("Observables"),
        lambda it: ", ".join(str(one.get("value", "")) for one in it.observables),
    ),
    Column("id", gettext_lazy("Identifier"), lambda it: str(it.uuid)),
)


def _rows(request: SignedIn) -> lists.Pages[Alert]:
    return lists.newest(intake.alerts(request.actor, **forms.Filters(request.GET).wanted).defer("words"))


taken = lists.view(lists.List("alerts", gettext_lazy("Alerts"), COLUMNS), _rows)
