"""Acts on the assets that are hit."""

from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from hikeshi.assets import queries as assets
from hikeshi.incidents import actions
from hikeshi.phrases import labels
from hikeshi.phrases.wording import bracketed
from hikeshi.web.choosing import offer
from hikeshi.web.room.acts.form import ActForm, reason


class LinkAsset(ActForm):
    head = _("Add an asset that is hit")
    button = _("Add")
    done = _("Added. What depends on it is shown as possibly affected.")
    consequence = _("The gravest asset may raise the urgency; the timeline says so.")

    asset = forms.TypedChoiceField(label=_("Asset"), coerce=UUID)
    reason = reason()

    def prepare(self) -> None:
        linked = [one.asset.uuid for one in self.room.struck.linked]
        found = assets.choices(self.by, without=linked, most=1_000)
        words = [
            (str(one.uuid), f"{one.name}{bracketed(labels.label('criticality', one.criticality))}") for one in found
        ]
        offer(self, "asset", [("", _("Choose")), *words])

    def act(self) -> None:
        said = self.cleaned_data
        actions.link_asset(by=self.by, ref=self.ref, asset=said["asset"], reason=said["reason"])


class UnlinkAsset(ActForm):
    head = _("Remove this asset")
    button = _("Remove")
    consequence = _("It is not hit after all. No alert will bring it back; an urgency it had raised is put back.")

    reason = reason(required=True)

    def act(self) -> None:
        actions.unlink_asset(by=self.by, ref=self.ref, asset=self.part_uuid, reason=self.cleaned_data["reason"])
