"""What rests on somebody, or names a team, as links to where it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from hikeshi.accounts.resting import Rest
from hikeshi.phrases import labels

_PAGES: Final = {
    "rota": "web:rota",
    "policy": "settings:policy",
    "asset": "web:asset",
    "record": "web:room",
    "party": "web:party",
    "person": "web:contact",
    "team": "settings:team",
    "assignment": "settings:load_rule",
    "target": "settings:target",
    "rule": "web:rule",
    "criteria": "settings:criterion",
    "source": "settings:source",
}
_LISTS: Final = {"token": "settings:tokens", "": "settings:escalation"}


@dataclass(frozen=True, slots=True)
class Shown:
    what: str
    name: str
    url: str
    breaks: bool
    movable: bool


def shown(rests: Iterable[Rest]) -> list[Shown]:
    return [Shown(labels.label("rest", one.kind), _name(one), _url(one), one.breaks, one.movable) for one in rests]


def _name(one: Rest) -> str:
    return labels.label("criteria_field", one.name) if one.kind == "criteria" else one.name


def _url(one: Rest) -> str:
    if one.kind == "keeps_contacts":
        return reverse("settings:contacts")
    sort, _, name = one.ref.partition(":")
    return reverse(_PAGES[sort], args=[name]) if sort in _PAGES else reverse(_LISTS.get(sort, "settings:tokens"))
