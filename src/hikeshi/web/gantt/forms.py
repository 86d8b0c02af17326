"""How the plan is narrowed, and a bar that was put elsewhere."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar, Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents.queries import Task
from hikeshi.phrases import labels, moments
from hikeshi.web.incidents.forms import Filters as ListFilters
from hikeshi.web.settings.saving import Versioned

LAST_MINUTE: Final = time(23, 59)


class By(StrEnum):
    """Under which headings the bars stand."""

    RECORD = "record"
    OWNER = "owner"
    KIND = "kind"
    MILESTONE = "milestone"


class Zoom(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Filters(ListFilters):
    """As the list; headings and order are the plan's own."""

    TABS: ClassVar[tuple[str, tuple[tuple[str, Promise], ...]]] = (
        "status",
        (("open", _("Open")), ("resolved", _("Resolved")), ("closed", _("Closed")), ("all", _("All"))),
    )

    by = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    zoom = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        super().prepare()
        for name, known in (("by", By), ("zoom", Zoom)):
            self.fields[name].choices = [(one.value, "") for one in known]  # type: ignore[attr-defined]  # declared above
        for name in ("order", "group", "columns"):
            del self.fields[name]

    @property
    def narrowed(self) -> bool:
        return any(name not in {self.TABS[0], "by", "zoom"} for name in self.picked)

    @property
    def heads(self) -> By:
        return By(str(self.picked.get("by", By.RECORD)))

    @property
    def scale(self) -> Zoom:
        return Zoom(str(self.picked.get("zoom", Zoom.WEEK)))

    @property
    def groups(self) -> list[tuple[str, str, bool]]:
        """Word, address and whether it is this one."""
        return [(labels.label("gantt_group", one), self.query(by=one), one == self.heads) for one in By]

    @property
    def zooms(self) -> list[tuple[str, str, bool]]:
        words = {Zoom.DAY: _("Day"), Zoom.WEEK: _("Week"), Zoom.MONTH: _("Month")}
        return [(str(words[one]), self.query(zoom=one), one == self.scale) for one in Zoom]


class MilestoneForm(Versioned):
    name = forms.CharField(label=_("Name"), max_length=100)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


def planned(sent: QueryDict, task: Task) -> QueryDict:
    """Days as a bar or a line of the table says them, as the task's own form takes them: the hour stays that it had,
    else the day is meant from its first to its last minute. What is not said stays.
    """
    said = sent.copy()
    for day, name, kept, usual in (
        ("start", "start_at", task.start_at, time()),
        ("due", "due_at", task.due_at, LAST_MINUTE),
    ):
        if name in said:
            continue
        said[name] = moved(str(said[day]), kept, usual) if day in said else typed(kept)
    if "start_at" not in sent:
        said.setlist("after", task.after)
        said["milestone"] = str(task.milestone or "")
    return said


def typed(at: datetime | None) -> str:
    return moments.local(at).isoformat() if at else ""


def moved(day: str, kept: datetime | None, usual: time) -> str:
    """The day that is meant, at the hour it had. What is no day is left as it was typed, for the form to say so."""
    try:
        meant = date.fromisoformat(day)
    except ValueError:
        return day
    hour = moments.local(kept).time() if kept else usual
    return datetime.combine(meant, hour.replace(tzinfo=None)).isoformat()
