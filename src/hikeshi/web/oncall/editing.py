"""A rota on its way to being saved: looked at first, as often as its writer likes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid
from hikeshi.oncall import actions
from hikeshi.oncall.actions.rotas import checked
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import duty, rotas
from hikeshi.oncall.queries.rotas import Rota
from hikeshi.oncall.terms import Terms
from hikeshi.phrases import refusals
from hikeshi.web.oncall import forms, pictures

PREVIEW: Final = timedelta(days=28)
PROMISED: Final = {"calendar": "promise_calendar"}


@dataclass(frozen=True, slots=True)
class Preview:
    weeks: list[list[pictures.Day]]
    gaps: list[pictures.Piece]


class Editor:
    """``do`` is what was pressed: save, look, layer (one more), up-<number> or down-<number> of a layer."""

    def __init__(self, by: Actor, row: Rota | None = None, data: QueryDict | None = None) -> None:
        if row is None:
            by.must(Verb.MANAGE)
        else:
            by.must(Verb.MANAGE, row.organisation_id)
        self.by, self.row, self.data = by, row, data
        self.do = data.get("do", "save") if data is not None else ""
        self.people = list(accounts.people(by, active=True).order_by("username"))
        more = {"calendars": self._calendars()}
        self.form = self._form(data, more["calendars"])
        sent = _arranged(data, self.do) if data is not None else None
        self.layers = forms.Layers(sent, initial=self._initial(), prefix="layers", form_kwargs=more)

    def _form(self, data: QueryDict | None, calendars: list[tuple[str, str]]) -> forms.RotaForm:
        if self.row is None:
            zone = {"time_zone": accounts.site().time_zone}
            return forms.NewRota(self.by, data, initial=zone, calendars=calendars)
        said = {name: getattr(self.row, name) for name in ("name", "time_zone", "note", "version")}
        promised = forms.promising(rotas.terms_of(self.row).promise)
        return forms.RotaForm(data, initial={**said, **promised}, calendars=calendars)

    def _calendars(self) -> list[tuple[str, str]]:
        if not self.by.may("accounts.view"):
            return []
        return [(str(one.uuid), one.name) for one in accounts.calendars(self.by)]

    def _initial(self) -> list[dict[str, object]]:
        if self.row is None:
            return [{"zone": accounts.site().time_zone, "begins": f"{_next_morning():%Y-%m-%dT09:00}"}]
        said = rotas.terms_of(self.row).layers
        named = {person for one in said for person in one.people}
        known = dict(accounts.people(self.by).filter(uuid__in=named).values_list("uuid", "username"))
        return [forms.starting(one, known) for one in said]

    @cached_property
    def terms(self) -> Terms | None:
        """What was typed; None where something cannot be used and the form says what."""
        if self.data is None or not self.layers.is_bound:
            return None
        good = self.form.is_valid()
        if not self.layers.is_valid() or not good:
            return None
        kept = [one for one in self.layers if not one.cleaned_data.get("leave_out")]
        known = self._known()
        strange = [one for one in kept if not self._all_known(one, known)]  # each says so beside its field
        if strange:
            return None
        it = self.form.cleaned_data
        layers = tuple(one.terms(known) for one in kept)
        return Terms(it["name"], it["time_zone"], layers, it["note"], self.form.promised())

    def _known(self) -> Mapping[str, UUID]:
        found = {one.username.casefold(): one.uuid for one in self.people}
        before = rotas.terms_of(self.row).layers if self.row else ()
        named = {person for one in before for person in one.people}
        for one in accounts.people(self.by).filter(uuid__in=named):
            found.setdefault(one.username.casefold(), one.uuid)
        return found | {str(uuid): uuid for uuid in named}

    def _all_known(self, layer: forms.LayerForm, known: Mapping[str, UUID]) -> bool:
        strange = [name for name in layer.cleaned_data["people"] if name.casefold() not in known]
        for name in strange:
            layer.add_error("people", _("Nobody here has the user name “%(name)s”.") % {"name": name})
        return not strange

    def saved(self) -> Rota | None:
        said = self.terms
        if said is None or self.do != "save":
            return None
        try:
            return self._save(said)
        except Conflict as conflict:
            self.form.clash(conflict)
        except Invalid as refusal:
            self._say(refusal)
        return None

    def _save(self, said: Terms) -> Rota:
        it = self.form.cleaned_data
        words = {name: getattr(said, name) for name in ("name", "time_zone", "note", "layers", "promise")}
        if self.row is None:
            return actions.add_rota(by=self.by, organisation=UUID(it["organisation"]), **words)
        return actions.edit_rota(by=self.by, rota=self.row.uuid, why=it["why"], version=it["version"], **words)

    def _say(self, refusal: Invalid) -> None:
        """Beside its field: ``layers.<number>.<field>`` counts the layers that are kept."""
        text = refusals.sentence(refusal)
        first, _dot, rest = refusal.field.partition(".")
        if first == "promise" and rest:
            self.form.add_error(PROMISED.get(rest, rest.replace("day_", "covers_")), text)
            return
        if first == "layers" and rest:
            number, _dot, field = rest.partition(".")
            kept = [one for one in self.layers if not one.cleaned_data.get("leave_out")]
            kept[int(number)].add_error({"name": "label"}.get(field, field), text)
        else:
            self.form.add_error(refusal.field if refusal.field in self.form.fields else None, text)

    @cached_property
    def preview(self) -> Preview | None:
        """The next four weeks as they would be."""
        said = self.terms if self.data is not None else self._standing()
        if said is None or self.form.conflict is not None:
            return None
        row = self.row or self._unsaved(said)
        try:
            said = checked(self.by, row, said)
        except Invalid as refusal:
            self._say(refusal)
            return None
        now = clock.now()
        found = duty.preview(row, said, now, now + PREVIEW)
        names = duty.names_in(found)
        weeks = pictures.weeks(found, said.time_zone, names, mine=self.by.ref)
        gaps = [pictures.piece(one, names) for one in duty.merged(found) if one.is_gap]
        return Preview(weeks, gaps)

    def _standing(self) -> Terms | None:
        return rotas.terms_of(self.row) if self.row is not None else None

    def _unsaved(self, said: Terms) -> Rota:
        return rotas.unsaved(self.by, UUID(self.form.cleaned_data["organisation"]), said.time_zone)

    @property
    def wrong(self) -> bool:
        return bool(self.form.is_bound and (self.form.errors or any(self.layers.errors)))

    @property
    def status(self) -> int:
        if self.form.conflict is not None:
            return 409
        return 422 if self.do == "save" and self.wrong else 200


def _arranged(data: QueryDict, do: str) -> QueryDict:
    """What was typed, with one layer more or one at another place."""
    way, _dash, number = do.partition("-")
    if way == "layer":
        return _one_more(data)
    if way in {"up", "down"} and number.isdecimal():
        return _exchanged(data, int(number), int(number) + (1 if way == "down" else -1))
    return data


def _exchanged(data: QueryDict, one: int, other: int) -> QueryDict:
    count = int(data.get("layers-TOTAL_FORMS") or 0)
    if not (0 <= one < count and 0 <= other < count):
        return data
    places = {f"layers-{one}-": f"layers-{other}-", f"layers-{other}-": f"layers-{one}-"}
    moved = data.copy()
    moving = [(name, head) for name in data for head in places if name.startswith(head)]
    for name, _head in moving:
        del moved[name]
    for name, head in moving:
        moved.setlist(places[head] + name.removeprefix(head), data.getlist(name))
    return moved


def _one_more(data: QueryDict) -> QueryDict:
    """The same, with another layer like the last one and nobody in it."""
    more = data.copy()
    count = int(more.get("layers-TOTAL_FORMS") or 0)
    last = f"layers-{count - 1}-"
    for name in ("zone", "begins", "every", "unit", "holidays"):
        more[f"layers-{count}-{name}"] = more.get(last + name, "")
    more["layers-TOTAL_FORMS"] = str(min(count + 1, 10))
    return more


def _next_morning() -> date:
    return clock.now().date() + timedelta(days=1)
