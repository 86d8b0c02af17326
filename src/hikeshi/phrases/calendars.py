"""Countries whose holidays can be kept, and what makes a day different, in words."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "country": {
        "JP": pgettext_lazy("country", "Japan"),
        "AU": pgettext_lazy("country", "Australia"),
        "CN": pgettext_lazy("country", "China"),
        "DE": pgettext_lazy("country", "Germany"),
        "FR": pgettext_lazy("country", "France"),
        "GB": pgettext_lazy("country", "United Kingdom"),
        "HK": pgettext_lazy("country", "Hong Kong"),
        "ID": pgettext_lazy("country", "Indonesia"),
        "IN": pgettext_lazy("country", "India"),
        "KR": pgettext_lazy("country", "South Korea"),
        "MY": pgettext_lazy("country", "Malaysia"),
        "NL": pgettext_lazy("country", "Netherlands"),
        "PH": pgettext_lazy("country", "Philippines"),
        "SG": pgettext_lazy("country", "Singapore"),
        "TH": pgettext_lazy("country", "Thailand"),
        "TW": pgettext_lazy("country", "Taiwan"),
        "US": pgettext_lazy("country", "United States"),
        "VN": pgettext_lazy("country", "Vietnam"),
    },
    "day_sort": {
        "special": pgettext_lazy("day_sort", "Other hours"),
        "holiday": pgettext_lazy("day_sort", "Public holiday"),
        "closing": pgettext_lazy("day_sort", "Closing day"),
    },
}
