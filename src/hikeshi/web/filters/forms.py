"""Keeping a filter, and choosing how lists look."""

from typing import TypedDict, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.kernel.acting import Actor
from hikeshi.lists import queries
from hikeshi.lists.codes import USUAL, Audience, Column
from hikeshi.lists.terms import Looks, Terms
from hikeshi.phrases import labels
from hikeshi.web.choosing import offer
from hikeshi.web.filters import answers
from hikeshi.web.settings.saving import Versioned


def offer_looks(form: forms.Form) -> None:
    usual = [("", _("As usual"))]
    usual_columns = [(one.value, labels.label("list_column", one)) for one in Column]
    offer(form, "columns", [*usual_columns, *answers.columns()])
    offer(form, "order", [*usual, *labels.choices("list_order")])
    offer(form, "group", [("", _("Without headings")), *labels.choices("list_group")])


class Arranged(forms.Form):
    columns = forms.MultipleChoiceField(
        label=_("Columns"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Priority and title always stand there. None chosen: as usual."),
    )
    order = forms.ChoiceField(label=_("Order"), required=False)
    group = forms.ChoiceField(label=_("Headings"), required=False)

    def __init__(self, now: Looks, data: QueryDict | None = None) -> None:
        initial = {"columns": list(now.columns or USUAL), "order": now.order, "group": now.group}
        super().__init__(data, initial=initial)
        offer_looks(self)


class Said(TypedDict, total=False):
    name: str
    audience: str
    team: UUID | None
    columns: list[str]
    order: str
    group: str
    filter: str
    version: int | None


class Keep(Versioned):
    """``filter`` is what the list was narrowed by."""

    name = forms.CharField(label=_("Name"), max_length=100)
    audience = forms.ChoiceField(label=_("Who is offered it"), widget=forms.RadioSelect, required=False)
    team = forms.TypedChoiceField(label=_("Team"), coerce=UUID, empty_value=None, required=False)
    columns = forms.MultipleChoiceField(label=_("Columns"), required=False, widget=forms.CheckboxSelectMultiple)
    order = forms.ChoiceField(label=_("Order"), required=False)
    group = forms.ChoiceField(label=_("Headings"), required=False)
    filter = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(
        self, by: Actor, data: QueryDict | None = None, *, kept: queries.Kept | None = None, asked: Terms
    ) -> None:
        looks = asked.looks
        initial = {"name": asked.name, "columns": list(looks.columns), "order": looks.order, "group": looks.group}
        version = kept.row.newest if kept else None
        more = {"filter": asked.conditions, "audience": Audience.MINE, "version": version}
        super().__init__(data, initial={**initial, **more})
        offer_looks(self)
        if kept is not None:
            del self.fields["audience"], self.fields["team"]
            return
        teams = [(str(one.uuid), one.name) for one in queries.own_teams(by)]
        audiences = [one for one in Audience if one != Audience.TEAM or teams]
        allowed = [one for one in audiences if one != Audience.EVERYONE or queries.may_share(by)]
        offer(self, "audience", [(one.value, labels.label("filter_for", one)) for one in allowed])
        offer(self, "team", [("", _("Choose")), *teams])
        if not teams:
            del self.fields["team"]

    @property
    def said(self) -> Said:
        return cast("Said", self.cleaned_data)
