"""Everybody's load side by side, and what nobody owns above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Membership
from hikeshi.accounts.queries import Person, Team
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.load.permissions import Verb
from hikeshi.load.queries.figures import Figures, figures
from hikeshi.load.queries.weighing import Seen, counts_of, read

MOST = 1_000
"""People on one board; who has more picks a team."""
UNOWNED = 10


@dataclass(frozen=True, slots=True)
class Board:
    """``lines``: the heaviest first. ``unowned``: open records of nobody that the reader sees, the gravest of them in
    ``waiting``.
    """

    lines: tuple[Figures, ...]
    unowned: Seen
    waiting: tuple[Incident, ...]
    teams: tuple[Team, ...]
    team: Team | None = None
    cut: bool = False


def board(by: Actor, team: UUID | None = None) -> Board:
    """Members of the teams the reader may see, or of that one, and whoever else owns an open record. Raises NotAllowed,
    NotFound.
    """
    by.must(Verb.VIEW)
    teams = list(accounts.teams(by).prefetch_related(None).order_by("name", "id"))
    chosen = next((one for one in teams if one.uuid == team), None)
    if team is not None and chosen is None:
        raise NotFound("team")
    people = list(_people(by, teams, chosen)[: MOST + 1])
    found = figures(by, people[:MOST])
    free = incidents.visible(by).filter(standing=0, owner=None).order_by()
    gravest = incidents.brief(free.order_by("standing", "priority", "-updated_at", "-id"))[:UNOWNED]
    lines = sorted(found.values(), key=lambda one: one.heaviest_first)
    sums = read(free.aggregate(**counts_of()))
    return Board(tuple(lines), sums, tuple(gravest), tuple(teams), chosen, len(people) > MOST)


def _people(by: Actor, teams: Sequence[Team], chosen: Team | None) -> QuerySet[Person]:
    known = accounts.people(by).order_by("name", "id")
    wanted = [chosen.pk] if chosen is not None else [one.pk for one in teams]
    member = Exists(Membership.objects.filter(person=OuterRef("pk"), team__in=wanted))
    if chosen is not None:
        return known.filter(member)
    owning = Exists(incidents.visible(by).filter(owner=OuterRef("pk"), standing=0))
    return known.filter((Q(member) & Q(is_active=True)) | Q(owning))


def person_board(by: Actor, person: UUID) -> tuple[Figures, QuerySet[Incident]]:
    """One person's figures, and their open records that the reader sees, the gravest first. Raises NotAllowed,
    NotFound.
    """
    by.must(Verb.VIEW)
    found = accounts.person(by, person)
    rows = incidents.visible(by).filter(standing=0, owner=found)
    ordered = incidents.brief(rows.order_by("standing", "priority", "-updated_at", "-id"))
    return figures(by, [found])[found.pk], ordered


def candidates(by: Actor, records: Sequence[Incident]) -> list[Figures]:
    """Who can be given all of these records, whoever carries least first. Each record's organisation costs a query."""
    able: QuerySet[Person] | None = None
    for one in {record.organisation_id: record for record in records}.values():
        choices = incidents.owner_choices(one).order_by()
        able = choices if able is None else able.filter(pk__in=choices.values("pk"))
    people = list(able.select_related("organisation").order_by("name", "id")[:MOST]) if able is not None else []
    lines = figures(by, people).values()
    return sorted(lines, key=lambda one: (bool(one.away), one.open, one.percent or 0, one.person.name))


def candidates_for(by: Actor, refs: Sequence[str]) -> tuple[list[Incident], list[Figures]]:
    """The open records of these refs, and who can be given them. Raises NotAllowed, NotFound for one that is not to be
    seen.
    """
    by.must(Verb.VIEW)
    wanted = list(dict.fromkeys(refs))
    found = {
        one.ref: one for one in incidents.visible(by).select_related("owner", "organisation").filter(ref__in=wanted)
    }
    if not wanted or len(found) != len(wanted):
        raise NotFound("incident")
    records = [found[ref] for ref in wanted]
    return records, candidates(by, records)
