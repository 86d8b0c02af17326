"""Teams and their members to take away."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.queries import Organisation, Team
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.lists import Column


def _people(team: Team, *, lead: bool = False) -> str:
    return "; ".join(one.person.name for one in team.memberships.all() if one.lead or not lead)


COLUMNS: Sequence[Column[Team]] = (
    Column("name", _("Team"), lambda it: it.name),
    Column("organisation", _("Organisation"), lambda it: it.organisation.name),
    Column("lead", _("Lead"), lambda it: _people(it, lead=True)),
    Column("members", _("Members"), _people),
    Column("uuid", _("Identifier"), lambda it: str(it.uuid)),
)


def _rows(request: SignedIn) -> lists.Pages[Team]:
    request.actor.must(Verb.VIEW)
    rows = queries.teams(request.actor, retired=bool(request.GET.get("retired")))
    return lists.newest(rows, (("organisation", Organisation),))


taken = lists.view(lists.List("teams", _("Teams"), COLUMNS), _rows)
