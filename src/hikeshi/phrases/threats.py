"""Indicators, catalogues and what they say of an alert, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "assets.IndicatorsBrought": Sentence(
        _("Brought a file of indicators (%(tlp)s). Values: %(count)s, passed over: %(passed)s."), {"tlp": "tlp"}
    ),
    "assets.IndicatorsKept": Sentence(_("Alerts are compared with a list of indicators. Values: %(count)s.")),
    "assets.IndicatorRemoved": Sentence(_("Removed a value from a list of indicators.")),
    "assets.IndicatorsRemoved": Sentence(_("Removed a list of indicators.")),
    "assets.CatalogueLoaded": Sentence(
        _("Loaded %(which)s, version %(edition)s. Entries: %(count)s."),
        {"which": "catalogue"},
        otherwise=_("Loaded %(which)s. Entries: %(count)s."),
    ),
}

REASONS: Final[Mapping[str, Promise]] = {
    "indicators_form": gettext_lazy("This is no STIX bundle, no MISP event and no list of lines."),
    "indicators_full": gettext_lazy("The desk holds at most %(most)s values. Remove a list first."),
    "indicators_json": gettext_lazy("Line %(line)s: this JSON cannot be read. %(why)s"),
    "catalogue_json": gettext_lazy("This JSON cannot be read: %(why)s"),
    "indicators_line": gettext_lazy("Line %(line)s is too long."),
    "indicators_many": gettext_lazy("A file may hold %(most)s values. Split it."),
    "indicators_none": gettext_lazy("There is no value in it that alerts could name."),
    "indicators_text": gettext_lazy("Line %(line)s: this is no UTF-8."),
    "no_attack": gettext_lazy("There is no technique in it. Take enterprise-attack.json as MITRE publishes it."),
    "no_domain": gettext_lazy("Line %(line)s is no domain."),
    "no_kev": gettext_lazy("There is no weakness in it. Take the JSON file of the catalogue as CISA publishes it."),
    "not_unpacked": gettext_lazy("This packed file is damaged, or is packed in a way the desk does not know."),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "catalogue": {
        "kev": pgettext_lazy("catalogue", "CISA KEV"),
        "attack": pgettext_lazy("catalogue", "MITRE ATT&CK"),
        "domains": pgettext_lazy("catalogue", "Own domains"),
    },
    "catalogue_use": {
        "kev": pgettext_lazy("catalogue_use", "Weaknesses that attackers use, and until when CISA wants them mended."),
        "attack": pgettext_lazy("catalogue_use", "The names of the techniques that detectors only give numbers for."),
        "domains": pgettext_lazy("catalogue_use", "What is ours: names and mail addresses below them say so."),
    },
    "indicator_sort": {
        "address": pgettext_lazy("indicator_sort", "IP address"),
        "network": pgettext_lazy("indicator_sort", "Network"),
        "domain": pgettext_lazy("indicator_sort", "Domain"),
        "url": pgettext_lazy("indicator_sort", "URL"),
        "hash": pgettext_lazy("indicator_sort", "Hash"),
        "sender": pgettext_lazy("indicator_sort", "Sender of mail"),
    },
    "indicator_form": {"stix": "STIX", "misp": "MISP", "lines": pgettext_lazy("indicator_form", "Lines")},
    "enrichment": {
        "indicator": pgettext_lazy("enrichment", "Indicator"),
        "address": pgettext_lazy("enrichment", "Address"),
        "own_domain": pgettext_lazy("enrichment", "Own domain"),
        "exploited": pgettext_lazy("enrichment", "Known to be exploited"),
        "technique": pgettext_lazy("enrichment", "Technique"),
        "asset": pgettext_lazy("enrichment", "Asset"),
        "sighting": pgettext_lazy("enrichment", "Seen before"),
    },
    "reach": {
        "public": pgettext_lazy("reach", "public"),
        "private": pgettext_lazy("reach", "private"),
        "shared": pgettext_lazy("reach", "behind a carrier's NAT"),
        "documentation": pgettext_lazy("reach", "for examples only"),
        "loopback": pgettext_lazy("reach", "the machine itself"),
        "link_local": pgettext_lazy("reach", "link-local"),
        "multicast": pgettext_lazy("reach", "multicast"),
        "reserved": pgettext_lazy("reach", "reserved"),
    },
}
