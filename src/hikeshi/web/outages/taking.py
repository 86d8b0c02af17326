"""The list of outages to take away, as it is narrowed on the page."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from hikeshi.notices import queries
from hikeshi.notices.queries import Outage
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.lists import Column
from hikeshi.web.outages.forms import Stands

COLUMNS: Sequence[Column[Outage]] = (
    Column("ref", _("Record"), lambda it: it.ref),
    Column("title_ja", _("Title in Japanese"), lambda it: it.title_ja),
    Column("title_en", _("Title in English"), lambda it: it.title_en),
    Column("services_ja", _("What does not work, in Japanese"), lambda it: it.services_ja),
    Column("services_en", _("What does not work, in English"), lambda it: it.services_en),
    Column("audience", _("Who reads it"), lambda it: it.audience, "outage_audience"),
    Column("since", _("Since"), lambda it: it.since),
    Column("expected_end", _("Expected end"), lambda it: it.expected_end),
    Column("ended_at", _("Ended"), lambda it: it.ended_at),
    Column("ended_because", _("Why it ended"), lambda it: it.ended_because, "outage_ended"),
    Column("published_at", _("Published"), lambda it: it.published_at),
    Column("also", _("Have it too"), lambda it: it.also),
    Column("uuid", _("Identifier"), lambda it: str(it.uuid)),
)


def _rows(request: SignedIn) -> lists.Pages[Outage]:
    wanted = {name: str(value) for name, value in Stands(request.GET).picked.items()}
    return lists.newest(queries.listed(request.actor, **wanted))


taken = lists.view(lists.List("outages", _("Outage notices"), COLUMNS), _rows)
