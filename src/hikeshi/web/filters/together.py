"""Many records in one go, as a page asks for it: which, what, and what it would come to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Refusal
from hikeshi.lists.actions import Trial
from hikeshi.lists.together import MOST, Deed, Wish
from hikeshi.load import queries as load
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web.access import SignedIn
from hikeshi.web.choosing import LEVELS, offer
from hikeshi.web.filters import listing
from hikeshi.web.load.shown import candidate_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Words

NOBODY = "nobody"
_VERSION = re.compile("[0-9]{1,9}")


def level(label: "Words") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, required=False)


class Change(forms.Form):
    """Looked at first, done when it is sent with ``sure``."""

    deed = forms.ChoiceField(label=_("What to change"), widget=forms.RadioSelect)
    owner = forms.ChoiceField(label=_("To whom"), required=False)
    impact = level(_("Impact: how many are hit"))
    effect = level(_("Effect on the service"))
    urgency = level(_("Urgency"))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=10_000)
    text = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Stands in the timeline of each record, for good."),
    )

    def __init__(self, by: Actor, records: Sequence[Incident], data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"deed": Deed.OWNER})
        offer(self, "deed", labels.choices("batch_deed"))
        people = [(str(one.person.uuid), candidate_words(one)) for one in load.candidates(by, records)]
        offer(self, "owner", [("", _("Choose")), (NOBODY, _("Nobody")), *people])
        for name in LEVELS:
            offer(self, name, [("", _("As it is")), *labels.choices(name)])

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        if said.get("deed") == Deed.OWNER and not said.get("owner"):
            self.add_error("owner", _("Choose somebody."))
        if said.get("deed") == Deed.NOTE and not str(said.get("text", "")).strip():
            self.add_error("text", _("Write the note."))
        if said.get("deed") == Deed.PRIORITY and not any(said.get(name) for name in LEVELS):
            self.add_error("impact", _("Choose one of the three at least."))
        return said

    @property
    def wish(self) -> Wish:
        said = self.cleaned_data
        owner = "" if said["owner"] == NOBODY else said["owner"]
        levels = {name: said[name] for name in LEVELS}
        return Wish(deed=Deed(said["deed"]), owner=owner, reason=said["reason"], text=said["text"], **levels)


@dataclass(frozen=True, slots=True)
class Chosen:
    """``cut``: there are more, and only so many are taken at once."""

    records: Sequence[Incident]
    cut: bool = False


def chosen(request: SignedIn) -> Chosen:
    """The rows that were ticked, or all that the list shows now, up to what is done in one go."""
    if request.GET.get("all") and request.method == "GET":
        rows = list(incidents.brief(listing.whole(request))[: MOST + 1])
        return Chosen(rows[:MOST], len(rows) > MOST)
    sent = request.POST if request.method == "POST" else request.GET
    refs = list(dict.fromkeys(sent.getlist("ref")))
    rows = list(incidents.brief(incidents.visible(request.actor).filter(ref__in=refs[:MOST]).order_by("-id")))
    return Chosen(rows, len(refs) > MOST)


@dataclass(frozen=True, slots=True)
class Line:
    """``why``: what is refused, in words."""

    record: Incident
    why: str
    same: bool


def lines(trials: Sequence[Trial]) -> list[Line]:
    return [Line(one.record, said(one.refusal), one.same) for one in trials]


def seen(sent: QueryDict) -> dict[str, int]:
    """The version of each record as the look showed it: ``INC-2026-0001:7``."""
    said = (one.rpartition(":") for one in sent.getlist("seen")[:MOST])
    return {ref: int(version) for ref, _colon, version in said if _VERSION.fullmatch(version)}


def said(refusal: Refusal | None) -> str:
    return sentences.sentence(refusal) if refusal else ""
