"""Why the urgency of a record stands where it does."""

from django.utils.translation import gettext

from hikeshi.phrases.labels import label


def raised(name: str, criticality: int) -> str:
    """Why the urgency stands where it does; without the name where the reader does not see the asset."""
    word = label("criticality", criticality)
    if not name:
        return gettext("Urgency raised: the criticality of an asset you do not see is “%(criticality)s”.") % {
            "criticality": word
        }
    return gettext("Urgency raised: the criticality of %(asset)s is “%(criticality)s”.") % {
        "asset": name,
        "criticality": word,
    }
