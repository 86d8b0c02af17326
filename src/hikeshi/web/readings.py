"""In whose words this reader is shown the phases, and what else there is to choose."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import readings
from hikeshi.phrases import labels

OWN_WORDS = _("Hikeshi's own phases")


def chosen(request: HttpRequest) -> str:
    """The person's choice, else the site's. Signed-in readers only."""
    mine: str = getattr(request.user, "reading", "")
    return readings.settled(mine) if mine else readings.settled(accounts.site().reading)


def choices() -> list[tuple[str, str]]:
    return [(readings.OWN, str(OWN_WORDS)), *labels.choices("reading")]


def word(reading: str) -> str:
    return dict(choices())[reading]
