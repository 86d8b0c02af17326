"""What is asked about an asset. Lists are written as in a file of assets: one name for both."""

from typing import TypedDict, cast
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hikeshi.accounts import queries as accounts
from hikeshi.assets import actions, cells, queries
from hikeshi.assets.codes import Data, Kind
from hikeshi.assets.particulars import Particulars
from hikeshi.assets.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.web import filtering, sheets
from hikeshi.web.assets.showing import span_cell
from hikeshi.web.choosing import offer, teams


class Wanted(TypedDict, total=False):
    q: str
    state: str
    criticality: int
    kind: str
    owner: str
    data: str
    restore: str


class Filters(filtering.Filters):
    TABS = ("state", (("used", _("In use")), ("retired", _("Out of use")), ("all", _("All"))))

    q = forms.CharField(label=_("Name, number, place, address"), required=False)
    state = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    criticality = forms.TypedChoiceField(label=_("Criticality"), coerce=int, required=False, empty_value=None)
    kind = forms.ChoiceField(label=pgettext_lazy("asset_field", "Kind"), required=False)
    holds = forms.ChoiceField(label=_("Data held"), required=False)
    owner = forms.ChoiceField(label=pgettext_lazy("asset_field", "Owner"), required=False)
    restore = forms.ChoiceField(label=_("Proven restore"), required=False)

    def prepare(self) -> None:
        any_ = [("", str(_("Any")))]
        offer(self, "state", [("used", ""), ("retired", ""), ("all", "")])
        above = _("%(criticality)s or more")
        levels = labels.choices("criticality")
        offer(self, "criticality", any_ + [(code, str(above) % {"criticality": word}) for code, word in levels])
        offer(self, "kind", any_ + labels.choices("asset_kind"))
        offer(self, "holds", any_ + labels.choices("asset_data"))
        offer(self, "owner", [*any_, ("me", _("Mine")), ("none", _("Nobody"))])
        proofs = [("proven", _("Within a year")), ("stale", _("Longer ago")), ("never", _("Never proven"))]
        offer(self, "restore", [*any_, *proofs])

    @property
    def wanted(self) -> Wanted:
        picked = {{"holds": "data"}.get(name, name): value for name, value in self.picked.items()}
        return cast("Wanted", {**picked, "state": self.cleaned_data.get("state") or "used"})


class DayInput(forms.DateInput):
    input_type = "date"


class AssetForm(forms.Form):
    """Stated anew or for the first time; what somebody else stated meanwhile is shown beside it."""

    name = forms.CharField(label=pgettext_lazy("asset_field", "Name"), max_length=200)
    organisation = forms.TypedChoiceField(label=_("Where it belongs"), coerce=UUID)
    kind = forms.TypedChoiceField(label=pgettext_lazy("asset_field", "Kind"), coerce=Kind)
    number = forms.CharField(label=_("Asset number"), required=False, max_length=200)
    criticality = forms.TypedChoiceField(label=_("Criticality"), coerce=int, widget=forms.RadioSelect, initial=2)
    owner = forms.TypedChoiceField(
        label=pgettext_lazy("asset_field", "Owner"), coerce=UUID, required=False, empty_value=None
    )
    team = forms.TypedChoiceField(label=_("Team"), coerce=UUID, required=False, empty_value=None)
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    holds = forms.TypedMultipleChoiceField(
        label=_("Data held"), coerce=Data, required=False, widget=forms.CheckboxSelectMultiple
    )
    public = forms.BooleanField(
        label=_("A service people outside know"),
        required=False,
        help_text=_("Whoever reports something may choose it, and sees its name."),
    )
    persons = forms.IntegerField(label=_("Number of persons"), required=False, min_value=0)
    rto = forms.CharField(label=_("Tolerable outage"), required=False, help_text=_("Minutes, or such as 4h, 2d"))
    rpo = forms.CharField(label=_("Tolerable data loss"), required=False, help_text=_("Minutes, or such as 4h, 2d"))
    minimum_level = forms.CharField(
        label=_("What must work meanwhile"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    substitute = forms.CharField(
        label=_("What stands in for it"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    restored_on = forms.DateField(label=_("Last proven restore"), required=False, widget=DayInput)
    restored_by = forms.CharField(label=_("Proven by"), required=False, max_length=200)
    restore_note = forms.CharField(
        label=_("What was restored, and how far"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    names = forms.CharField(label=_("Host names and FQDNs"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    addresses = forms.CharField(
        label=_("IP addresses and networks"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    macs = forms.CharField(label=_("MAC addresses"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    ids = forms.CharField(label=_("Cloud and device IDs"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    domains = forms.CharField(label=_("Mail domains"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    accounts = forms.CharField(label=_("Account names"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    needs = forms.CharField(
        label=_("What it cannot work without"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Names or numbers of other assets, one on each line."),
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *, by: Actor, asset: queries.Asset | None = None, data: QueryDict | None = None) -> None:
        super().__init__(data, initial=stated(by, asset) if asset else None)
        self.by, self.asset = by, asset
        self.conflict: Conflict | None = None
        self.sent = data or QueryDict()
        self._offer_choices()

    def _offer_choices(self) -> None:
        places = list(accounts.organisations(self.by, Verb.MANAGE))
        offer(self, "organisation", [(str(one.uuid), "\u2003" * one.depth + one.name) for one in places])
        if self.asset is not None or len(places) == 1:
            self.fields["organisation"].required = False
            self.fields["organisation"].widget = forms.HiddenInput()
            self.fields["organisation"].initial = str(places[0].uuid) if self.asset is None else None
        offer(self, "kind", labels.choices("asset_kind"))
        offer(self, "criticality", labels.choices("criticality"))
        offer(self, "holds", labels.choices("asset_data"))
        people = accounts.people(self.by, active=True).order_by("name", "id")
        offer(self, "owner", [("", _("Nobody")), *((str(one.uuid), one.name) for one in people)])
        team = self.asset.team if self.asset is not None else None
        kept = (str(team.uuid),) if team is not None else ()
        offer(self, "team", [("", _("None")), *teams(self.by, kept)])

    def saved(self) -> queries.Asset | None:
        """The asset as stated, or None where the form says why it is not."""
        if not self.is_bound or not self.is_valid():
            return None
        try:
            return self._save()
        except Invalid as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else None, sentences.sentence(refusal))
        except Conflict as refusal:
            self.conflict = refusal
            sent = self.sent.copy()
            sent["version"] = str(refusal.version)
            self.data = sent
        return None

    def _save(self) -> queries.Asset:
        said = self.cleaned_data
        if self.asset is None:
            place = accounts.organisation(self.by, said["organisation"], Verb.MANAGE)
            return actions.add_asset(by=self.by, organisation=place.uuid, particulars=self._particulars(place))
        particulars = self._particulars(self.asset.organisation)
        return actions.edit_asset(by=self.by, asset=self.asset.uuid, particulars=particulars, version=said["version"])

    def _particulars(self, place: queries.Organisation) -> Particulars:
        said = self.cleaned_data
        plain = (
            "name", "kind", "number", "criticality", "owner", "team", "place", "public", "persons",
            "minimum_level", "substitute",
            "restored_on", "restored_by", "restore_note", "note",
        )  # fmt: skip
        return Particulars(
            **{name: said[name] for name in plain},
            data=tuple(said["holds"]),
            rto=_minutes("rto", said["rto"]),
            rpo=_minutes("rpo", said["rpo"]),
            identifiers=cells.identifiers_of(said),
            needs=queries.called(self.by, place, cells.names_in(said["needs"])),
        )

    @property
    def differing(self) -> list[tuple[str, str, str]]:
        """Field, the other's text, one's own: shown beside each other, neither lost."""
        if self.conflict is None:
            return []
        theirs, yours = self.conflict.theirs, self.conflict.yours
        return [(labels.label("asset_field", name), theirs[name], yours[name]) for name in yours]


def _minutes(name: str, cell: str) -> int | None:
    return None if cells.is_nothing(cell) else cells.minutes_of(name, cell)


def stated(by: Actor, asset: queries.Asset) -> dict[str, object]:
    """What stands there, as the fields hold it."""
    given = queries.given(asset)
    names = ("name", "kind", "number", "criticality", "place", "public", "persons", "data")
    plain = {name: getattr(asset, name) for name in names}
    texts = ("minimum_level", "substitute", "restored_on", "restored_by", "restore_note", "note", "version")
    needed = queries.page(by, asset.uuid).needs
    return {
        **plain,
        **{name: getattr(asset, name) for name in texts},
        **{
            column: "\n".join(one.value for one in given.identifiers if one.type is kind)
            for column, kind in cells.IDENTIFIERS.items()
        },
        "holds": list(asset.data),
        "owner": given.owner,
        "team": given.team,
        "rto": span_cell(asset.rto),
        "rpo": span_cell(asset.rpo),
        "needs": "\n".join(one.name for one in needed),
    }


class Bring(forms.Form):
    file = forms.FileField(label=_("CSV or Excel file"), help_text=_("UTF-8, UTF-16 or Shift_JIS; up to 100,000 rows."))
    organisation = forms.TypedChoiceField(label=_("Where they belong"), coerce=UUID)

    def __init__(self, *, by: Actor, data: QueryDict | None = None, files: object = None) -> None:
        super().__init__(data, files)  # type: ignore[arg-type]  # what Django hands to the view
        places = list(accounts.organisations(by, Verb.MANAGE))
        offer(self, "organisation", [(str(one.uuid), "\u2003" * one.depth + one.name) for one in places])
        self.fields["file"].widget.attrs["accept"] = sheets.ACCEPTED
