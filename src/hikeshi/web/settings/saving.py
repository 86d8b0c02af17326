"""Forms of settings on their way to an action: refused beside the field, and never over somebody else's save."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import QueryDict

from hikeshi.kernel.refusals import Conflict
from hikeshi.web.submitting import submitted

Done = TypeVar("Done")


class Versioned(forms.Form):
    """Knows what its writer had read; after a conflict it shows both texts and saves over theirs when sent again."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    conflict: Conflict | None = None

    def clash(self, conflict: Conflict) -> None:
        self.conflict = conflict
        if isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data["version"] = str(conflict.version)

    @property
    def differing(self) -> list[tuple[str, str, str]]:
        """Label, theirs, yours."""
        if self.conflict is None:
            return []
        theirs, yours = self.conflict.theirs, self.conflict.yours
        return [(self._label(name), theirs[name], yours[name]) for name in yours]

    def _label(self, name: str) -> str:
        return str(self.fields[name].label) if name in self.fields else name

    @property
    def status(self) -> int:
        if self.conflict is not None:
            return 409
        return 422 if self.is_bound and self.errors else 200


def saved(form: Versioned, act: Callable[[dict[str, str]], Done]) -> Done | None:
    """What ``act`` gave; None if nothing was sent, or it was refused and the form says why."""
    try:
        return submitted(form, act)
    except Conflict as conflict:
        form.clash(conflict)
        return None
