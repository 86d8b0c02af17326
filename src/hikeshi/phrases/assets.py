"""Assets in words: what happens to them, their vocabularies, and why something about them cannot be used."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

URGENCY: Final = {"urgency": "urgency", "was": "urgency", "criticality": "criticality", "priority": "priority"}

SENTENCES: Final = {
    "assets.AssetAdded": Sentence(_("Added an asset.")),
    "assets.AssetChanged": Sentence(_("Changed what is stated about an asset.")),
    "assets.AssetRetired": Sentence(_("Put an asset out of use.")),
    "assets.AssetTakenUp": Sentence(_("Put an asset in use again.")),
    "assets.AssetsImported": Sentence(
        _("Imported a file of assets. Rows: %(rows)s, added: %(added)s, changed: %(changed)s.")
    ),
    "incidents.AssetsFound": Sentence(_("Found assets of ours that are hit: %(count)s.")),
    "incidents.AssetLinked": Sentence(_("Linked an asset that is hit.")),
    "incidents.AssetUnlinked": Sentence(_("Removed an asset: it is not hit.")),
    "incidents.UrgencyRaised": Sentence(
        _(
            "Raised the urgency from “%(was)s” to “%(urgency)s”, since the criticality of an asset that is hit is "
            "“%(criticality)s”. Priority: %(priority)s."
        ),
        URGENCY,
    ),
    "incidents.UrgencyEased": Sentence(
        _(
            "Put the urgency back from “%(was)s” to “%(urgency)s”: no asset that is hit asks for it. "
            "Priority: %(priority)s."
        ),
        URGENCY,
    ),
}

REASONS: Final[Mapping[str, Promise]] = {
    "lines_wrong": gettext_lazy("Lines that cannot be taken: %(count)s. Mend them first; nothing was imported."),
    "missing_heading_near": gettext_lazy("The column “%(heading)s” is missing. Is it the one called “%(meant)s”?"),
    "needs_itself": gettext_lazy("An asset cannot need itself."),
    "network_too_wide": gettext_lazy("%(value)s is too wide: at least /%(least)s."),
    "not_a_number": gettext_lazy("“%(word)s” is not a number."),
    "not_a_span": gettext_lazy("“%(word)s” is not a length of time. Write minutes, or 4h, or 2d."),
    "not_an_identifier": gettext_lazy("“%(value)s” cannot be read."),
    "number_taken": gettext_lazy("This number is already in use."),
    "unknown_asset": gettext_lazy("There is no asset called “%(word)s”, here or in this file."),
    "unknown_person": gettext_lazy("There is nobody called “%(word)s”."),
    "unknown_team": gettext_lazy("There is no team called “%(word)s”."),
    "unknown_word": gettext_lazy("“%(word)s” is not known here."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "asset_kind": {
        "service": pgettext_lazy("asset_kind", "Service"),
        "system": pgettext_lazy("asset_kind", "System"),
        "device": pgettext_lazy("asset_kind", "Device"),
        "data_store": pgettext_lazy("asset_kind", "Data store"),
        "network": pgettext_lazy("asset_kind", "Network"),
        "accounts": pgettext_lazy("asset_kind", "Accounts"),
        "site": pgettext_lazy("asset_kind", "Site"),
    },
    "criticality": {
        "4": pgettext_lazy("criticality", "Critical"),
        "3": pgettext_lazy("criticality", "Important"),
        "2": pgettext_lazy("criticality", "Ordinary"),
        "1": pgettext_lazy("criticality", "Low"),
    },
    "asset_data": {
        "personal": pgettext_lazy("asset_data", "Personal data"),
        "special_care": pgettext_lazy("asset_data", "Special-care personal data"),
        "customer": pgettext_lazy("asset_data", "Customer data"),
        "card": pgettext_lazy("asset_data", "Card data"),
        "credentials": pgettext_lazy("asset_data", "Credentials"),
        "trade_secret": pgettext_lazy("asset_data", "Trade secrets"),
    },
    "identifier": {
        "name": pgettext_lazy("identifier", "Host name"),
        "address": pgettext_lazy("identifier", "IP address"),
        "mac": pgettext_lazy("identifier", "MAC address"),
        "id": pgettext_lazy("identifier", "Cloud or device ID"),
        "domain": pgettext_lazy("identifier", "Mail domain"),
        "account": pgettext_lazy("identifier", "Account name"),
    },
    "asset_how": {
        "called": pgettext_lazy("asset_how", "by its name"),
        "name": pgettext_lazy("asset_how", "by host name"),
        "address": pgettext_lazy("asset_how", "by address"),
        "network": pgettext_lazy("asset_how", "by network"),
        "mac": pgettext_lazy("asset_how", "by MAC address"),
        "id": pgettext_lazy("asset_how", "by ID"),
        "domain": pgettext_lazy("asset_how", "by mail domain"),
        "account": pgettext_lazy("asset_how", "by account"),
        "person": pgettext_lazy("asset_how", "linked by hand"),
    },
    "asset_field": {
        "name": pgettext_lazy("asset_field", "Name"),
        "kind": pgettext_lazy("asset_field", "Kind"),
        "number": pgettext_lazy("asset_field", "Asset number"),
        "criticality": pgettext_lazy("asset_field", "Criticality"),
        "owner": pgettext_lazy("asset_field", "Owner"),
        "team": pgettext_lazy("asset_field", "Team"),
        "place": pgettext_lazy("asset_field", "Place"),
        "data": pgettext_lazy("asset_field", "Data held"),
        "public": pgettext_lazy("asset_field", "Public service"),
        "persons": pgettext_lazy("asset_field", "Number of persons"),
        "rto": pgettext_lazy("asset_field", "Tolerable outage"),
        "rpo": pgettext_lazy("asset_field", "Tolerable data loss"),
        "minimum_level": pgettext_lazy("asset_field", "Minimum level"),
        "substitute": pgettext_lazy("asset_field", "Substitute"),
        "restored_on": pgettext_lazy("asset_field", "Last proven restore"),
        "restored_by": pgettext_lazy("asset_field", "Restore proven by"),
        "restore_note": pgettext_lazy("asset_field", "Restore note"),
        "note": pgettext_lazy("asset_field", "Note"),
        "identifiers": pgettext_lazy("asset_field", "Identifiers"),
        "names": pgettext_lazy("asset_field", "Host names"),
        "addresses": pgettext_lazy("asset_field", "IP addresses"),
        "macs": pgettext_lazy("asset_field", "MAC addresses"),
        "ids": pgettext_lazy("asset_field", "Cloud and device IDs"),
        "domains": pgettext_lazy("asset_field", "Mail domains"),
        "accounts": pgettext_lazy("asset_field", "Account names"),
        "needs": pgettext_lazy("asset_field", "Needs"),
    },
    "fate": {
        "new": pgettext_lazy("fate", "New"),
        "changed": pgettext_lazy("fate", "Changed"),
        "same": pgettext_lazy("fate", "Unchanged"),
        "wrong": pgettext_lazy("fate", "Cannot be taken"),
    },
}
