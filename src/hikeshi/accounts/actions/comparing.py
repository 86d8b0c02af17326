"""A staff list is compared with the directory, and each difference somebody ticked is applied as an act of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from time import monotonic
from typing import Final
from uuid import UUID

from hikeshi.accounts import differences, facts, queries, staff
from hikeshi.accounts.actions import bringing, leaving, people, ways
from hikeshi.accounts.actions.rights import TOPICS
from hikeshi.accounts.differences import Difference, Sort
from hikeshi.accounts.models import ImportState, Person, Site, StaffFile
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.ways import Kind
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, Refusal
from hikeshi.ledger.acts import action, record, unit

AT_ONCE: Final = 20
"""Rows applied in the act itself; more go on in the engine."""
STEP: Final = 0.25
"""Seconds of one such step: other writers of SQLite wait while it writes."""


@dataclass(frozen=True, slots=True)
class Pick:
    """A row as it was shown. ``successor``: to whom what rests on a leaver goes; ``alone``: it goes to nobody."""

    key: str
    mark: str
    successor: str = ""
    alone: bool = False


@action
def prepare_staff_comparison(*, by: Actor, organisation: UUID, file_name: str, body: bytes) -> StaffFile:
    """Keeps the list for its comparison; nothing changes yet. Raises NotAllowed, NotFound, Invalid."""
    verb = staff.verb_of(by)
    by.must(verb)
    place = queries.organisation(by, organisation, verb)
    read = staff.brought(body)
    return bringing.keep(StaffFile, by=by, place=place, file_name=file_name, body=body, table=read.table)


@action
def match_staff_columns(*, by: Actor, staff_file: UUID, columns: Mapping[str, int]) -> StaffFile:
    """Which column says what, where the headings do not. Raises NotAllowed, NotFound, Invalid."""
    file = staff.staff_file(by, staff_file)
    if file.state == ImportState.PREPARED:
        file.columns = staff.proper_columns(file, columns)
        file.save(update_fields=["columns"])
    return file


@action
def apply_staff_comparison(*, by: Actor, staff_file: UUID, picks: Sequence[Pick]) -> StaffFile:
    """Each row is whole or nothing; one that says something else by now, or is refused, is left and named in
    ``refused``. Many go on in the engine. Raises NotAllowed, NotFound, Invalid.
    """
    file = staff.staff_file(by, staff_file)
    by.must(Verb.MANAGE, file.organisation_id)
    staff.kept(file)
    if not picks:
        raise Invalid("picks", "nothing_ticked")
    if not bringing.claim(file):
        return file

    file.picks = [list(astuple(one)) for one in {one.key: one for one in picks}.values()]
    file.person, file.place, file.refused = queries.myself(by), 0, []
    file.save(update_fields=["picks", "person", "place", "refused"])
    if len(file.picks) <= AT_ONCE:
        _take(by, file, len(file.picks))
    return file


@action
def continue_staff_comparisons(*, by: Actor) -> bool:
    """One step of the oldest under way, for the engine; whether there may be more. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed("accounts.continue_staff_comparisons")
    return bringing.take_step(StaffFile, by=by, verb=Verb.MANAGE, step=_step)


@action
def close_staff_comparison(*, by: Actor, staff_file: UUID) -> StaffFile:
    """Put away: the list itself is forgotten. Raises NotAllowed, NotFound."""
    file = staff.staff_file(by, staff_file)
    if file.state == ImportState.PREPARED:
        bringing.finish(file)
    return file


def is_comparing_staff() -> bool:
    return bringing.is_going(StaffFile)


def _step(by: Actor, file: StaffFile) -> None:
    until = monotonic() + STEP
    while file.state == ImportState.GOING:
        _take(by, file, 1)
        if monotonic() > until:
            return


def _take(by: Actor, file: StaffFile, most: int) -> None:
    Site.objects.select_for_update().filter(pk=1).first()  # two who apply take turns, so that each sees what is so
    for given in file.picks[file.place : file.place + most]:
        pick = Pick(*given)
        try:
            with unit():
                sort = _apply(by, file, pick)
        except Refusal as refusal:
            code = refusal.reason if isinstance(refusal, Invalid) else refusal.code
            file.refused = [*file.refused, [pick.key, code]]
        else:
            _count(file, sort)
    file.place += most
    if file.place >= len(file.picks):
        _end(by, file)
    file.save(update_fields=["state", "picks", "place", "refused", "added", "changed", "deactivated"])


def _count(file: StaffFile, sort: Sort) -> None:
    file.added += sort is Sort.JOINED
    file.deactivated += sort is Sort.LEFT
    file.changed += sort not in {Sort.JOINED, Sort.LEFT}


def _end(by: Actor, file: StaffFile) -> None:
    """The list stays open: what was left can still be ticked."""
    file.state = ImportState.PREPARED
    fact = facts.StaffCompared(
        file=file.uuid,
        digest=file.digest,
        rows=file.rows,
        applied=len(file.picks) - len(file.refused),
        refused=len(file.refused),
    )
    record(fact, subject=f"organisation:{file.organisation.uuid}", by=by, topics=TOPICS)


def _apply(by: Actor, file: StaffFile, pick: Pick) -> Sort:
    found = differences.one(by, file, pick.key)
    if found is None or found.mark != pick.mark or found.sort in {Sort.WRONG, Sort.SAME}:
        raise Invalid("picks", "changed_since")
    if found.sort is Sort.LEFT and found.person is not None:
        to = _uuid(pick.successor) if pick.successor else None
        leaving.let_go(by=by, person=found.person.uuid, successor=to, alone=pick.alone)
    elif found.person is None:
        _welcome(by, found)
    else:
        _bring_up_to_date(by, found, found.person)
    return found.sort


def _welcome(by: Actor, found: Difference) -> None:
    if found.place is None:
        raise Invalid("organisation", "required")
    person = people.add_person(
        by=by,
        username=found.username,
        name=found.name,
        organisation=found.place.uuid,
        email=found.becomes("email") or "",
    )
    _write_ways(by, found, person)


def _bring_up_to_date(by: Actor, found: Difference, person: Person) -> None:
    if not person.is_active:
        people.reactivate_person(by=by, person=person.uuid)
    name, email = found.becomes("name"), found.becomes("email")
    if name is not None or email is not None:
        people.edit_person(by=by, person=person.uuid, name=name or person.name, email=email or person.email)
    if found.place is not None and found.becomes("organisation") is not None:
        people.move_person(by=by, person=person.uuid, organisation=found.place.uuid)
    _write_ways(by, found, person)


def _write_ways(by: Actor, found: Difference, person: Person) -> None:
    """Another number has to be proven anew; what the desk can ask there by itself it asks."""
    held = {row.uuid: row for row in person.ways.all()}
    for one in found.ways:
        row = held.get(one.way) if one.way else None
        if row is None:
            ways.add_way(by=by, owner=f"person:{person.uuid}", kind=Kind.PHONE, address=one.after)
            continue
        kept = {"label": row.label, "language": row.language, "hours": row.hours}
        ways.change_way(by=by, way=row.uuid, address=one.after, **kept)
    if found.number:
        ways.remember_number(by, person, found.number)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid("successor", "unknown") from error
