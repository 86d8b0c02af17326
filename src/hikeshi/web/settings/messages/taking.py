"""Messages out to take away, as they are narrowed on the page."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from hikeshi.notify import queries
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.lists import Column
from hikeshi.web.settings.messages import filters, showing
from hikeshi.web.settings.messages.showing import Line

COLUMNS: Sequence[Column[Line]] = (
    Column("to", _("To"), lambda it: it.name),
    Column("purpose", _("Purpose"), lambda it: it.row.purpose, "message_purpose"),
    Column("about", _("About"), lambda it: it.ref),
    Column("course", _("State"), lambda it: it.row.course, "message_course"),
    Column("why", _("Trouble"), lambda it: it.row.why, "message_trouble"),
    Column("answer", _("Answer"), lambda it: it.row.answer, "message_choice"),
    Column("queued_at", _("Asked for"), lambda it: it.row.queued_at),
    Column("sent_at", _("Sent"), lambda it: it.row.sent_at),
    Column("answered_at", _("Answered"), lambda it: it.row.answered_at),
    Column("uuid", _("Identifier"), lambda it: str(it.row.uuid)),
)


def _rows(request: SignedIn) -> lists.Pages[Line]:
    narrowed, by = filters.Narrowed(request.GET), request.actor
    rows = queries.sent(by, hidden=showing.hidden(by), course=narrowed.course, purpose=narrowed.purpose)
    return (showing.lines(by, some) for some in lists.newest(rows))


taken = lists.view(lists.List("messages", _("Messages out"), COLUMNS), _rows)
