"""Keeping a board of figures, for oneself or for everybody."""

from collections.abc import Sequence
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.figures import facts
from hikeshi.figures import terms as saying
from hikeshi.figures.audience import Audience
from hikeshi.figures.models import Board
from hikeshi.figures.permissions import Verb
from hikeshi.figures.queries import kept_boards as boards
from hikeshi.incidents import names
from hikeshi.incidents.models import person_ref
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.kernel import clock, texts
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed
from hikeshi.ledger.acts import action, record

NAME = 100
MOST = 50
TOPICS = ("incidents",)


@action
def keep_board(
    *,
    by: Actor,
    name: str,
    tiles: Sequence[str],
    terms: saying.Terms | None = None,
    audience: str = Audience.MINE,
    board: UUID | None = None,
    version: int | None = None,
) -> Board:
    """A new board, or with ``board`` that one from now on; whose it is stays then. Raises NotAllowed, NotFound,
    Invalid, Conflict.
    """
    by.must(Incidents.VIEW)
    row = _held(by, board) if board else _begun(by, audience)
    said = _said(name, tiles, terms or saying.Terms())
    if row.version and version is not None and version < row.version and said != _now(row):
        raise Conflict(yours={"name": said.name}, theirs={"name": row.name}, version=row.version)
    if row.version and said == _now(row):
        return row

    _write(row, said)
    row.version += 1
    row.save()
    content = commit(_content(row), row.secret)
    kept = Audience(row.audience)
    fact = facts.BoardKept(
        board=row.uuid, number=row.version, audience=kept, owner=person_ref(row.owner), content=content
    )
    record(fact, subject=f"board:{row.uuid}", by=by, topics=TOPICS)
    return row


@action
def remove_board(*, by: Actor, board: UUID) -> None:
    """Nobody is offered it any more. Raises NotAllowed, NotFound."""
    by.must(Incidents.VIEW)
    row = _held(by, board)

    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    fact = facts.BoardRemoved(board=row.uuid, audience=Audience(row.audience))
    record(fact, subject=f"board:{row.uuid}", by=by, topics=TOPICS)


def _said(name: str, tiles: Sequence[str], asked: saying.Terms) -> saying.Said:
    called = texts.words(name, field="name", most=NAME, required=True)
    if "\n" in called:
        raise Invalid("name", "one_line")
    if asked.kind and asked.kind not in names.in_use().kinds:
        raise Invalid("kind", "not_a_choice", choices=", ".join(names.in_use().kinds))
    if asked.organisation and not Organisation.objects.filter(uuid=asked.organisation).exists():
        raise Invalid("organisation", "unknown")
    return saying.Said(called, saying.checked(tiles, asked), asked)


def _now(row: Board) -> saying.Said:
    return saying.read(row)


def _content(row: Board) -> str:
    return saying.content_of(row)


def _write(row: Board, said: saying.Said) -> None:
    row.name, row.tiles, row.terms = said.name, list(said.tiles), saying.stored(said.terms)


def _held(by: Actor, board: UUID) -> Board:
    """Locked until the act is over."""
    found = boards.board(by, board).row
    if found is None or not boards.may_change(by, found):
        raise NotAllowed(Verb.SHARE)
    return Board.objects.select_for_update(of=("self",)).select_related("owner").get(pk=found.pk)


def _begun(by: Actor, audience: str) -> Board:
    mine = accounts.myself(by)
    if mine is None:
        raise NotAllowed(Verb.SHARE)
    if audience not in set(Audience):
        raise Invalid("audience", "not_a_choice", choices=", ".join(Audience))
    if audience == Audience.EVERYONE:
        by.must(Verb.SHARE, accounts.root().pk)
    if Board.objects.filter(owner=mine, removed_at=None).count() >= MOST:
        raise Invalid("name", "too_many_boards", limit=MOST)
    return Board(audience=audience, owner=mine)
