"""Lists that are narrowed by their address: the form, the tabs over it, the page of rows under it."""

from dataclasses import dataclass
from typing import ClassVar

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.functional import Promise

from hikeshi.kernel.texts import SOUGHT

LIMIT = 50
_BOX = {"type": "search", "data-key": "find", "enterkeyhint": "search", "maxlength": SOUGHT}


@dataclass(frozen=True, slots=True)
class Tab:
    word: str
    query: str
    here: bool


class Filters(forms.Form):
    """``TABS`` is the field the tabs set and its values; without it in the address, the first tab counts."""

    TABS: ClassVar[tuple[str, tuple[tuple[str, Promise], ...]]]

    def __init__(self, asked: QueryDict) -> None:
        field, tabs = self.TABS
        data = asked.copy()
        data.setdefault(field, tabs[0][0])
        super().__init__(data, auto_id="filter-%s")
        self.prepare()
        if "q" in self.fields:
            self.fields["q"].widget.attrs.update(_BOX)
        self.is_valid()

    def prepare(self) -> None:
        """Choices in the reader's language."""

    @property
    def picked(self) -> dict[str, str | int]:
        """What was chosen. A value the form does not know is left out, as if nobody had asked."""
        return {name: value for name, value in self.cleaned_data.items() if value not in {"", "all", None}}

    @property
    def narrowed(self) -> bool:
        return any(name != self.TABS[0] for name in self.picked)

    @property
    def tabs(self) -> list[Tab]:
        field, tabs = self.TABS
        here = self.data.get(field)
        return [Tab(str(word), self.query(**{field: value}), value == here) for value, word in tabs]

    def query(self, **changes: str) -> str:
        """The address of this list with something changed, from its first page."""
        kept = {name: str(value) for name, value in self.data.items() if value and name in self.fields}
        asked = QueryDict(mutable=True)
        asked.update({**kept, **changes})
        return asked.urlencode()

    def next_query(self, cursor: str | None) -> str:
        return self.query(cursor=cursor) if cursor else ""


def cursor_of(request: HttpRequest) -> str | None:
    return request.GET.get("cursor") or None
