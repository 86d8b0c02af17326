"""The list of rules to take away, as it is narrowed on the page."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hikeshi.intake.queries import ruling
from hikeshi.intake.queries.ruling import Line
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.lists import Column
from hikeshi.web.ruling import forms


def _title(line: Line) -> str:
    return line.titles.get((get_language() or "en")[:2]) or line.titles.get("en", line.code)


COLUMNS: Sequence[Column[Line]] = (
    Column("code", _("Code"), lambda it: it.code),
    Column("title", _("Rule"), _title),
    Column("state", _("State"), lambda it: it.state, "rule_state"),
    Column("origin", _("Comes from"), lambda it: it.origin, "rule_origin"),
    Column("verdict", _("Verdict"), lambda it: it.verdict, "rule_verdict"),
    Column("live", _("Version in force"), lambda it: it.live),
    Column("newest", _("Newest version"), lambda it: it.newest),
    Column("week", _("7 days"), lambda it: it.week),
    Column("month", _("30 days"), lambda it: it.month),
    Column("ever", _("All"), lambda it: it.ever),
    Column("last_hit", _("Last hit"), lambda it: it.last_hit),
    Column("corrections", _("Corrected"), lambda it: it.corrections),
    Column("wrong", _("Corrected in 30 days (%)"), lambda it: it.wrong),
    Column("owner", _("Owner"), lambda it: it.owner_name),
    Column("review", _("Look at it again by"), lambda it: it.review),
)


def _rows(request: SignedIn) -> lists.Pages[Line]:
    found = ruling.lines(request.actor, **forms.Filters(request.GET).wanted)
    pages = (found[start : start + lists.PAGE] for start in range(0, len(found), lists.PAGE))
    return (ruling.counted(request.actor, some) for some in pages)


taken = lists.view(lists.List("rules", _("Rules"), COLUMNS), _rows)
