"""Boards that are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.figures import terms
from hikeshi.figures.audience import Audience
from hikeshi.figures.models import Board
from hikeshi.figures.permissions import Verb
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed, NotFound

SHOWN = 200


@dataclass(frozen=True, slots=True)
class BoardView:
    """As it stands; without a row it is the one every site begins with."""

    row: Board | None
    said: terms.Said

    @property
    def uuid(self) -> UUID | None:
        return self.row.uuid if self.row else None


def may_share(by: Actor) -> bool:
    return by.may(Verb.SHARE, accounts.root().pk)


def offered(by: Actor) -> QuerySet[Board]:
    """One's own, and everybody's."""
    seen = Q(audience=Audience.EVERYONE)
    if by.person_id is not None:
        seen |= Q(audience=Audience.MINE, owner=by.person_id)
    return Board.objects.select_related("owner").filter(seen, removed_at=None)


def boards(by: Actor) -> Sequence[BoardView]:
    """Raises NotAllowed."""
    by.must(Incidents.VIEW)
    return [BoardView(row, terms.read(row)) for row in offered(by).order_by("name", "id")[:SHOWN]]


def board(by: Actor, uuid: UUID) -> BoardView:
    """Raises NotAllowed, NotFound."""
    by.must(Incidents.VIEW)
    row = offered(by).filter(uuid=uuid).first()
    if row is None:
        raise NotFound("board")
    return BoardView(row, terms.read(row))


def may_change(by: Actor, row: Board) -> bool:
    if row.audience == Audience.EVERYONE:
        return may_share(by)
    return by.person_id is not None and row.owner_id == by.person_id


def must_change(by: Actor, row: Board) -> None:
    """Raises NotAllowed."""
    if not may_change(by, row):
        raise NotAllowed(Verb.SHARE)
