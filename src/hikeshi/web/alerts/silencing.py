"""Silences as people set them, and as they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.intake import queries as intake
from hikeshi.intake.actions import SILENCE_LIMITS
from hikeshi.intake.queries import noise, silencing
from hikeshi.intake.queries.silencing import Silence
from hikeshi.intake.silences import Every, Terms, Window
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.phrases import labels
from hikeshi.web import filtering
from hikeshi.web.choosing import LocalMoment, offer
from hikeshi.web.settings import changes

HOURS = (1, 4, 8, 24, 72, 168)


class Stands(filtering.Filters):
    TABS = ("stand", (("open", _("In force")), ("over", _("Over")), ("all", _("All"))))

    stand = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        offer(self, "stand", [(code, code) for code, _word in self.TABS[1]])


class SilenceForm(forms.Form):
    organisation = forms.ChoiceField(label=_("Organisation"))
    title = forms.CharField(label=_("What is planned"), max_length=SILENCE_LIMITS["title"])
    matchers = forms.CharField(
        label=_("Which alerts"),
        max_length=SILENCE_LIMITS["matchers"],
        widget=forms.Textarea(attrs={"rows": 4, "class": "code", "spellcheck": "false"}),
        help_text=_(
            "One condition per line, all must hold: host = db1, title =~ Disk.*, label.team != web. Possible are "
            "source, title, severity (1 to 6), host, user, address, rule, product and label.NAME."
        ),
    )
    starts_at = LocalMoment(label=_("From"))
    ends_at = LocalMoment(label=_("Ends at"))
    every = forms.ChoiceField(label=_("Comes again"))
    until = LocalMoment(label=_("Not again after"), required=False)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, by: Actor, data: QueryDict | None = None, proposed: Mapping[str, str] | None = None) -> None:
        now = clock.now()
        begun = {"starts_at": now, "ends_at": now + timedelta(hours=2), "every": Every.ONCE}
        super().__init__(data, initial={**begun, **(proposed or {})})
        offer(self, "organisation", [(str(one.uuid), one.name) for one in silencing.places(by)])
        offer(self, "every", labels.choices("silence_every"))
        if not silencing.may_repeat(by):
            del self.fields["every"], self.fields["until"]

    @property
    def place(self) -> UUID:
        return UUID(self.cleaned_data["organisation"])

    @property
    def terms(self) -> Terms:
        said = {name: value for name, value in self.cleaned_data.items() if name != "organisation"}
        return Terms(**{**said, "owner": "", "every": Every(said.get("every") or Every.ONCE)})


def alike(by: Actor, alert: str, *, similar: bool = False) -> Mapping[str, str]:
    """What a form begins with that is to hold alerts like this one; nothing where the reader does not see it.
    ``similar``: also under titles that differ in numbers and addresses alone.
    """
    try:
        row = intake.alert(by, UUID(alert))
    except (ValueError, NotFound):
        return {}
    return {
        "title": row.title[: SILENCE_LIMITS["title"]],
        "matchers": noise.conditions(row.source, row.title, similar=similar),
    }


class SnoozeForm(forms.Form):
    hours = forms.TypedChoiceField(label=_("For how long"), coerce=int, initial=4)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        offer(self, "hours", [(str(hours), labels.label("snooze_hours", str(hours))) for hours in HOURS])


@dataclass(frozen=True, slots=True)
class Line:
    row: Silence
    window: Window | None
    owner: str
    held: int

    @property
    def stand(self) -> str:
        if self.row.ended_at is not None:
            return "speaking" if self.row.due_at is not None else "over"
        if self.window is None:
            return "speaking"
        return "holds" if self.window.begins <= clock.now() else "comes"

    @property
    def tone(self) -> str:
        return {"holds": "warn", "comes": "act", "speaking": "warn"}.get(self.stand, "plain")


def lines(by: Actor, rows: Sequence[Silence]) -> list[Line]:
    """Two more queries, however many rows: who owns them, and how much each holds that the reader may see."""
    names = accounts.names_of(row.owner for row in rows)
    held = silencing.held(by, rows)
    return [
        Line(row, silencing.window_of(row), changes.name_of(row.owner, names), held.get(row.rule, 0)) for row in rows
    ]
