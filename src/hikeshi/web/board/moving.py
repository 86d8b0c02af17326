"""A card that is put into another column: the same acts as in the room, with the same gates and versions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.http import QueryDict

from hikeshi.incidents import queries as incidents
from hikeshi.incidents import readings
from hikeshi.incidents.codes import PhaseState, Status
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.lists.codes import Board
from hikeshi.web.board.shown import NOBODY
from hikeshi.web.room.acts import course, people
from hikeshi.web.room.acts.form import ActForm


@dataclass(frozen=True, slots=True)
class Drop:
    """A card, and the column it comes to; ``reading``: in whose words the columns of phases are."""

    by: Actor
    ref: str
    to: str
    reading: str


def form_of(drop: Drop, board: str, sent: QueryDict | None) -> ActForm:
    """The act's form, with the column as what was chosen. Raises NotFound."""
    make = _MAKES.get(board)
    if make is None:
        raise NotFound("board")
    return make(drop, sent.copy() if sent is not None else None)


def _to_phase(drop: Drop, sent: QueryDict | None) -> ActForm:
    """Of several phases under one word the first that can begin."""
    try:
        codes = readings.phases(drop.reading, drop.to)
    except Invalid as error:
        raise NotFound("phase") from error
    startable = {one.code for one in incidents.room(drop.by, drop.ref).phases if one.can_start}
    phase = next((code for code in codes if code in startable), codes[0])
    if sent is not None:
        sent.setdefault("phase", phase)
    return course.Move(by=drop.by, ref=drop.ref, part=phase, data=sent)


def _to_owner(drop: Drop, sent: QueryDict | None) -> ActForm:
    owner = "" if drop.to == NOBODY else _uuid(drop.to)
    if sent is not None:
        sent.setdefault("owner", owner)
    form = people.Assign(by=drop.by, ref=drop.ref, part="", data=sent)
    form.initial["owner"] = owner
    return form


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise NotFound("person") from error


def _to_status(drop: Drop, sent: QueryDict | None) -> ActForm:
    """Closed and open again ask why. Resolved is a record whose last phase is finished."""
    if drop.to == Status.CLOSED:
        return course.Close(by=drop.by, ref=drop.ref, part="", data=sent)
    if drop.to == Status.OPEN:
        return course.Reopen(by=drop.by, ref=drop.ref, part="", data=sent)
    if drop.to != Status.RESOLVED:
        raise NotFound("status")
    phases = incidents.room(drop.by, drop.ref).phases
    going = [one.code for one in phases if one.state == PhaseState.OPEN and not one.beside]
    return course.Finish(by=drop.by, ref=drop.ref, part=going[-1] if going else phases[-1].code, data=sent)


_MAKES: Final[Mapping[str, Callable[[Drop, QueryDict | None], ActForm]]] = {
    Board.PHASE: _to_phase,
    Board.OWNER: _to_owner,
    Board.STATUS: _to_status,
}
