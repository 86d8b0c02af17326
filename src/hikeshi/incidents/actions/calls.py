"""Somebody called: whoever took the call writes it down."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.incidents.actions.opening import check_levels, choose_place, known_kind, place_record
from hikeshi.incidents.actions.receiving import (
    Received,
    Told,
    checked,
    readable,
    receive,
    received_before,
    reporter_row,
    write,
)
from hikeshi.incidents.actions.times import AHEAD, EARLIEST, mark
from hikeshi.incidents.codes import GRAVE, MomentKind, MomentSource, RecordClass
from hikeshi.incidents.models import Incident
from hikeshi.incidents.queries import reports as queries
from hikeshi.incidents.reporting import Answered, Purpose, Side, Via, headline
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action


@action
def log_call(
    *,
    by: Actor,
    words: str,
    nonce: str,
    called_at: datetime,
    kind: str,
    caller: str = "",
    contact: str = "",
    advised: str = "",
    impact: int = 3,
    effect: int = 3,
    urgency: int = 2,
    record_class: RecordClass | None = None,
    organisation: UUID | None = None,
    language: str = "",
    answered: Answered | None = None,
) -> Received:
    """The caller's own words, and what they were advised. The caller may follow the report with the code, which is
    read aloud to them. Raises NotAllowed, NotFound, Invalid.
    """
    place = choose_place(by, organisation)
    _must_be_usable(kind, called_at)
    levels = check_levels(impact=impact, effect=effect, urgency=urgency)
    advice = readable(advised, "advised", required=False)
    said = {"what": (words, "words"), "name": (caller, "caller"), "contact": (contact, "contact")}
    told = _told(by, kind, said, nonce=nonce, language=language, answered=answered)
    world = World(accounts.site().world)
    before = received_before(told, world)
    if before is not None:
        return before

    incident = place_record(
        by=by,
        title=headline(told.what),
        kind=kind,
        levels=levels,
        place=place,
        world=world,
        description=told.what,
        decided=record_class,
    )
    return _receive(incident, by, told, called_at, advice)


def _told(
    by: Actor, kind: str, said: Mapping[str, tuple[str, str]], *, nonce: str, language: str, answered: Answered | None
) -> Told:
    purpose = Purpose.REQUEST if kind == "request" else Purpose.ODD
    return checked(by, purpose=purpose, via=Via.PHONE, nonce=nonce, language=language, words=said, answered=answered)


def _must_be_usable(kind: str, called_at: datetime) -> None:
    known_kind(kind)
    if called_at.tzinfo is None or not EARLIEST <= called_at <= clock.now() + AHEAD:
        raise Invalid("called_at", "not_plausible")


def _receive(incident: Incident, by: Actor, told: Told, called_at: datetime, advice: str) -> Received:
    row, _ = reporter_row(by, told)
    row.person = None  # the caller is somebody else than whoever writes it down
    receive(incident, by, row, told)
    if advice:
        write(incident, by, Side.DESK, advice, spoken=True)
    mark(incident, by, MomentKind.REPORTED, called_at, MomentSource.PERSON)
    if incident.record_class in GRAVE:
        mark(incident, by, MomentKind.DECLARED, incident.opened_at)
    return Received(incident, row, queries.code_of(told.nonce))
