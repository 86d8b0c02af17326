"""The search box: one line, and the kind that is looked at alone."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.finding import queries
from hikeshi.kernel.refusals import Invalid
from hikeshi.phrases import labels, refusals
from hikeshi.search.question import LONGEST
from hikeshi.web.filtering import Tab


class Box(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput(
            attrs={"type": "search", "autofocus": True, "autocomplete": "off", "data-key": "search-box"}
        ),
    )
    type = forms.ChoiceField(required=False, choices=[("", ""), *((kind, kind) for kind in queries.Kinds)])

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked, auto_id="search-%s")
        self.is_valid()

    @property
    def typed(self) -> str:
        """What cannot be asked is refused where it is asked, so that nothing is taken away from it here."""
        return str(self.data.get("q", ""))

    @property
    def kind(self) -> str:
        return str(self.cleaned_data.get("type", ""))

    def refuse(self, refusal: Invalid) -> None:
        self.errors.pop("q", None)
        self.add_error("q" if refusal.field in {"q", "cursor"} else None, refusals.sentence(refusal))

    @property
    def tabs(self) -> list[Tab]:
        kinds = [("", str(_("Everything"))), *((kind, labels.label("found_kind", kind)) for kind in queries.Kinds)]
        return [Tab(word, self.query(type=kind), kind == self.kind) for kind, word in kinds]

    def query(self, **changes: str) -> str:
        asked = QueryDict(mutable=True)
        asked.update({name: value for name, value in {"q": self.typed, "type": self.kind, **changes}.items() if value})
        return asked.urlencode()
