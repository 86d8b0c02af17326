"""Handing records over, and what people can and how much they work."""

from collections.abc import Sequence
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents.queries import Incident
from hikeshi.load.actions.profiles import MOST
from hikeshi.load.queries import Figures
from hikeshi.web.choosing import offer
from hikeshi.web.load.shown import candidate_words
from hikeshi.web.settings.saving import Versioned

HOUR = 60


class HandOver(forms.Form):
    """Looked at first, done when it is sent with ``sure``."""

    owner = forms.ChoiceField(label=_("To whom"))
    note = forms.CharField(
        label=_("Note of hand-over"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the timeline of each record."),
    )

    def __init__(self, records: Sequence[Incident], able: Sequence[Figures], *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        self.records = records
        self.able = {str(one.person.uuid): one for one in able}
        named = [(uuid, candidate_words(one)) for uuid, one in self.able.items()]
        offer(self, "owner", [("", _("Choose")), *named])

    @property
    def chosen(self) -> Figures | None:
        """To whom, once that was said."""
        return self.able.get(str(self.data.get("owner", ""))) if self.is_bound and not self.errors else None

    @property
    def moved(self) -> int:
        """Records that really change hands."""
        chosen = self.chosen
        return sum(1 for one in self.records if chosen is None or one.owner_id != chosen.person.pk)

    @property
    def after(self) -> int:
        return self.chosen.open + self.moved if self.chosen is not None else 0


class Profiled(Versioned):
    hours = forms.DecimalField(
        label=_("Hours of work in a week"),
        required=False,
        min_value=0,
        max_value=MOST // HOUR,
        decimal_places=2,
        help_text=_("For this desk. Empty: what the calendar of their organisation is open. Absences are taken off."),
    )
    skills = forms.MultipleChoiceField(label=_("Skills"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, skills: dict[str, str], *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        offer(self, "skills", list(skills.items()))
        if not skills:
            self.fields["skills"].help_text = _("The site has no skills yet. They are named in the settings.")

    @property
    def weekly(self) -> int | None:
        said: Decimal | None = self.cleaned_data["hours"]
        return None if said is None else int(said * HOUR)


def starting(weekly: int | None, skills: Sequence[str], version: int) -> dict[str, object]:
    hours = None if weekly is None else (Decimal(weekly) / HOUR).quantize(Decimal("0.01"))
    return {"hours": hours, "skills": list(skills), "version": version}
