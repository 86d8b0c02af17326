"""Filters that are kept, and how the reader likes their lists."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Membership, Team
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.kernel.versions import History, Version
from hikeshi.lists import terms
from hikeshi.lists.codes import Audience
from hikeshi.lists.models import Arrangement, FilterVersion, SavedFilter
from hikeshi.lists.permissions import Verb

MOST = 50
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A filter as it stands."""

    row: SavedFilter
    terms: terms.Terms

    @property
    def uuid(self) -> UUID:
        return self.row.uuid

    @property
    def name(self) -> str:
        return self.terms.name

    @property
    def audience(self) -> str:
        return self.row.audience

    @property
    def team(self) -> str:
        return self.row.team.name if self.row.team else ""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All filters the reader is offered, and how they like a list where neither address nor filter says."""

    kept: tuple[Kept, ...] = ()
    looks: terms.Looks = field(default_factory=terms.Looks)
    seen_at: datetime | None = None

    def one(self, uuid: UUID) -> Kept:
        """Raises NotFound."""
        found = next((one for one in self.kept if one.uuid == uuid), None)
        if found is None:
            raise NotFound("filter")
        return found


def may_share(by: Actor) -> bool:
    return by.may(Verb.SHARE, accounts.root().pk)


def own_teams(by: Actor) -> QuerySet[Team]:
    if by.person_id is None:
        return Team.objects.none()
    return Team.objects.filter(pk__in=Membership.objects.filter(person_id=by.person_id).values("team"))


def _offered(by: Actor) -> Q:
    """One's own, one's teams', everybody's. Nobody is let into the others, whatever they may do elsewhere."""
    seen = Q(audience=Audience.EVERYONE)
    if by.person_id is not None:
        teams = Membership.objects.filter(person_id=by.person_id).values("team")
        seen |= Q(audience=Audience.MINE, owner=by.person_id) | Q(audience=Audience.TEAM, team__in=teams)
    return seen


def filters(by: Actor) -> QuerySet[SavedFilter]:
    return SavedFilter.objects.select_related("owner", "team").filter(_offered(by), removed_at=None)


def shelf(by: Actor) -> Shelf:
    """Two queries, whatever there is."""
    newest = FilterVersion.objects.filter(saved__in=filters(by).order_by().values("pk"), number=F("saved__newest"))
    rows = newest.select_related("saved__team", "saved__owner").order_by("name", "id")[:SHOWN]
    kept = tuple(Kept(row.saved, terms.read(row)) for row in rows)
    mine = Arrangement.objects.filter(person_id=by.person_id).first() if by.person_id is not None else None
    if mine is None:
        return Shelf(kept)
    return Shelf(kept, terms.Looks(tuple(mine.columns), mine.order, mine.group), mine.seen_at)


def kept(by: Actor, uuid: UUID) -> Kept:
    """Raises NotFound."""
    row = filters(by).filter(uuid=uuid).first()
    if row is None:
        raise NotFound("filter")
    return Kept(row, terms.read(row.versions.get(number=row.newest)))


def may_change(by: Actor, row: SavedFilter) -> bool:
    """One's own; what a team shares, its members; what everybody uses, who may share."""
    if row.audience == Audience.EVERYONE:
        return may_share(by)
    if row.audience == Audience.TEAM:
        return row.team_id is not None and own_teams(by).filter(pk=row.team_id).exists()
    return by.person_id is not None and row.owner_id == by.person_id


def history(by: Actor, uuid: UUID) -> History[SavedFilter, terms.Terms]:
    """All it ever said. Raises NotFound."""
    row = kept(by, uuid).row
    rows: Sequence[FilterVersion] = list(row.versions.order_by("-number"))
    made = tuple(Version(one.number, terms.read(one), made_by=one.made_by, at=one.at) for one in rows)
    return History(row, made, accounts.names_of({one.made_by for one in rows}))


def must_change(by: Actor, row: SavedFilter) -> None:
    """Raises NotAllowed."""
    if not may_change(by, row):
        raise NotAllowed(Verb.SHARE)


def changeable(by: Actor, found: Sequence[Kept]) -> list[tuple[Kept, bool]]:
    """Each with whether the reader may change it: what teams share is offered to their members only."""
    sharing = may_share(by)
    return [(one, sharing or one.audience != Audience.EVERYONE) for one in found]
