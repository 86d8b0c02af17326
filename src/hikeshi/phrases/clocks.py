"""Why the desk did something because a clock ran."""

from django.utils.translation import gettext, override

from hikeshi.phrases.labels import label


def raised(language: str, measure: str, percent: int) -> str:
    """Why the desk raised a priority by itself, in the site's language."""
    with override(language):
        said = {"measure": label("measure", measure), "percent": percent}
        return gettext("%(measure)s: %(percent)s %% of the time is used up, and the target asks for a raise.") % said
