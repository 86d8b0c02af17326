"""How the board is narrowed, and how much its columns should hold."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import names
from hikeshi.lists.codes import Board
from hikeshi.phrases import labels
from hikeshi.web.incidents.forms import Filters as ListFilters
from hikeshi.web.settings.saving import Versioned


class Filters(ListFilters):
    """As the list, but for what the columns say themselves."""

    TABS = ("by", (("phase", _("By phase")), ("status", _("By status")), ("owner", _("By owner"))))

    by = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        super().prepare()
        self.fields["by"].choices = [(one.value, "") for one in Board]  # type: ignore[attr-defined]  # declared above
        for name in ("status", "phase", "order", "group", "columns"):
            del self.fields[name]

    @property
    def board(self) -> Board:
        return Board(str(self.picked.get("by", Board.PHASE)))


class Limits(Versioned):
    """A number beside each phase; none, no limit."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # a form takes what it takes
        for code in names.in_use().courses.phases:
            self.fields[code] = forms.IntegerField(
                label=labels.label("phase", code), required=False, min_value=1, max_value=999
            )

    @property
    def most(self) -> dict[str, int]:
        return {code: said for code, said in self.cleaned_data.items() if code != "version" and said}
