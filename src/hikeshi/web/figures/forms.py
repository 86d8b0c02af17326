"""By what a dashboard is asked, and keeping one."""

from collections.abc import Iterator
from typing import TypedDict

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hikeshi.figures import definitions, queries
from hikeshi.figures.audience import Audience
from hikeshi.figures.periods import Stretch
from hikeshi.figures.terms import Said, Terms, stored
from hikeshi.kernel.acting import Actor
from hikeshi.lists import queries as lists
from hikeshi.phrases import labels
from hikeshi.web.choosing import kinds, offer
from hikeshi.web.settings.saving import Versioned

PLACES = 12


class Asking(forms.Form):
    """What an address leaves open or says wrongly is as the dashboard has it."""

    period = forms.ChoiceField(label=_("Period"), required=False)
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    definitions = forms.ChoiceField(label=_("Definitions of the times"), required=False)
    compare = forms.BooleanField(label=_("Beside the period before"), required=False)
    grave = forms.BooleanField(label=_("Incidents and accidents alone"), required=False)

    def __init__(self, by: Actor, data: QueryDict | None = None, *, terms: Terms) -> None:
        super().__init__(data, initial=stored(terms))
        offer_terms(self, by)

    @classmethod
    def of(cls, by: Actor, sent: QueryDict, terms: Terms) -> "Asking":
        return cls(by, sent if sent.get("period") else None, terms=terms)

    def terms(self, usual: Terms) -> Terms:
        return terms_of(self.cleaned_data) if self.is_bound and self.is_valid() else usual


def offer_terms(form: forms.Form, by: Actor) -> None:
    offer(form, "period", [(one.value, labels.label("stretch", one)) for one in Stretch])
    offer(form, "organisation", [("", _("All organisations")), *lists.choices(by).organisations.items()])
    offer(form, "kind", kinds(empty=_("All kinds")))
    language = get_language() or "en"
    offer(form, "definitions", [(code, one.name(language)) for code, one in definitions.sets().items()])


def terms_of(cleaned: dict[str, object]) -> Terms:
    return Terms(
        period=str(cleaned["period"] or Stretch.MONTH),
        compare=bool(cleaned["compare"]),
        organisation=str(cleaned["organisation"] or ""),
        kind=str(cleaned["kind"] or ""),
        grave=bool(cleaned["grave"]),
        definitions=str(cleaned["definitions"] or definitions.OWN),
    )


class Wanted(TypedDict):
    name: str
    tiles: list[str]
    terms: Terms


class Keep(Versioned):
    name = forms.CharField(label=_("Name"), max_length=100)
    audience = forms.ChoiceField(label=_("Who is offered it"), widget=forms.RadioSelect, required=False)
    period = forms.ChoiceField(label=_("Period"))
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    definitions = forms.ChoiceField(label=_("Definitions of the times"))
    compare = forms.BooleanField(label=_("Beside the period before"), required=False)
    grave = forms.BooleanField(label=_("Incidents and accidents alone"), required=False)

    def __init__(
        self, by: Actor, data: QueryDict | None = None, *, said: Said, kept: queries.BoardView | None = None
    ) -> None:
        version = kept.row.version if kept and kept.row else None
        places = {f"tile{place}": code for place, code in enumerate(said.tiles)}
        start = {"name": said.name, "audience": Audience.MINE, "version": version, **stored(said.terms), **places}
        super().__init__(data, initial=start)
        offer_terms(self, by)
        known = [(one.code, labels.label("tile", one.code)) for one in queries.known(by)]
        for place in range(PLACES):
            label = _("Tile %(place)s") % {"place": place + 1}
            choices = [("", _("None")), *known]
            self.fields[f"tile{place}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        if kept is not None:
            del self.fields["audience"]
            return
        allowed = [one for one in Audience if one != Audience.EVERYONE or queries.may_share(by)]
        offer(self, "audience", [(one.value, labels.label("filter_for", one)) for one in allowed])

    @property
    def places(self) -> Iterator[forms.BoundField]:
        return (self[f"tile{place}"] for place in range(PLACES))

    @property
    def said(self) -> Wanted:
        cleaned = self.cleaned_data
        chosen = [cleaned[f"tile{place}"] for place in range(PLACES) if cleaned.get(f"tile{place}")]
        return {"name": cleaned["name"], "tiles": chosen, "terms": terms_of(cleaned)}
