from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import names
from hikeshi.incidents.catalogue import Name
from hikeshi.incidents.matrix import LEVELS, Grid, at, cells
from hikeshi.phrases import labels
from hikeshi.web.settings.saving import Versioned


def cell_name(impact: int, effect: int, urgency: int) -> str:
    return f"cell_{impact}_{effect}_{urgency}"


def _priorities() -> list[tuple[str, str]]:
    return [("", "-"), *((code, f"P{code} {word}") for code, word in labels.choices("priority"))]


@dataclass(frozen=True, slots=True)
class Row:
    effect: int
    cells: list[BoundField]


@dataclass(frozen=True, slots=True)
class Part:
    impact: int
    rows: list[Row]


class Matrix(Versioned):
    """All 27 cells. An empty one is a hole, and said beside it."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        for cell in cells():
            self.fields[cell_name(*cell)] = forms.TypedChoiceField(
                label=_cell_label(*cell), choices=_priorities, coerce=int
            )

    @property
    def parts(self) -> Iterator[Part]:
        for impact in LEVELS:
            rows = [Row(effect, [self[cell_name(impact, effect, urgency)] for urgency in LEVELS]) for effect in LEVELS]
            yield Part(impact, rows)

    def grid(self) -> Grid:
        said = self.cleaned_data
        return tuple(
            tuple(said[cell_name(impact, effect, urgency)] for urgency in LEVELS)
            for impact in LEVELS
            for effect in LEVELS
        )


def _cell_label(impact: int, effect: int, urgency: int) -> str:
    axes = {"impact": impact, "effect": effect, "urgency": urgency}
    return " · ".join(labels.label(axis, level) for axis, level in axes.items())


def starting(grid: Grid, version: int) -> dict[str, object]:
    return {**{cell_name(*cell): at(grid, cell) for cell in cells()}, "version": version}


class Preset(forms.Form):
    preset = forms.ChoiceField(label=_("Take over the matrix of"), choices=lambda: labels.choices("matrix"))


class Rejudge(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, help_text=_("Stands in the timeline of every record that changes.")
    )


class Words(Versioned):
    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        for axis in names.LEVELS:
            for level in LEVELS:
                self.fields[f"{axis}_{level}_ja"] = forms.CharField(label=_("Japanese"), max_length=100)
                self.fields[f"{axis}_{level}_en"] = forms.CharField(label=_("English"), max_length=100)

    @property
    def axes(self) -> list[tuple[str, list[tuple[int, BoundField, BoundField]]]]:
        return [
            (axis, [(level, self[f"{axis}_{level}_ja"], self[f"{axis}_{level}_en"]) for level in LEVELS])
            for axis in names.LEVELS
        ]


def words_said(said: dict[str, str]) -> dict[str, dict[str, Name]]:
    return {
        axis: {str(level): Name(ja=said[f"{axis}_{level}_ja"], en=said[f"{axis}_{level}_en"]) for level in LEVELS}
        for axis in names.LEVELS
    }


def words_now(version: int) -> dict[str, object]:
    found: dict[str, object] = {"version": version}
    for axis in names.LEVELS:
        for level in LEVELS:
            for language in ("ja", "en"):
                found[f"{axis}_{level}_{language}"] = labels.label_in(language, axis, level)
    return found
