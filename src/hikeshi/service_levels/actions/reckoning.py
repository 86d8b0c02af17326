"""Works out a record's clocks after something moved them, and writes down what came out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.ledger.models import Entry
from hikeshi.service_levels import entries, facts, hours
from hikeshi.service_levels.codes import GOING, OWN_HOURS, State
from hikeshi.service_levels.events import DECIDING, Event, Noted, What
from hikeshi.service_levels.models import Clock, Hours, Track
from hikeshi.service_levels.permissions import Verb
from hikeshi.service_levels.queries.history import own_subject, reckoned, told_of
from hikeshi.service_levels.queries.targets import DESK, book_in_force, books, calendar_named
from hikeshi.service_levels.reckoning import Clock as Reckoned

PERSON: Final = "person:"
WRITTEN: Final = (
    "target",
    "minutes",
    "hours",
    "state",
    "because",
    "started_at",
    "due_at",
    "left",
    "stopped_at",
    "warn_at",
    "steps",
    "told",
    "next_at",
)


@action
def reckon_clocks(*, by: Actor, incident: UUID, upto: int = 0) -> bool:
    """For the desk's own loop, after entry ``upto``; whether a clock came to be something else. Where nothing was ever
    promised it does nothing. Raises NotAllowed.
    """
    _must_be_the_desk(by)
    if not books().versions:
        return False
    row = incidents.visible(by).select_related("organisation").filter(uuid=incident).first()
    track = Track.objects.select_for_update().filter(incident=incident).first()
    if row is None or (track is not None and upto and track.upto >= upto):
        return False

    told = told_of([incident])[incident]
    looked = _look(row, told, track.upto if track else 0)
    if looked is not None:
        told = [*told, _as_told(looked)]
        _tell(by, row, looked)
    last = max((one.number for one in told if one.fact in entries.NAMES), default=0)
    lines = _write(row, reckoned(told, last))
    if not lines:
        return False
    first = Clock.objects.filter(incident=incident, state__in=GOING, due_at__isnull=False).order_by("due_at").first()
    values = {"upto": last, "first_due": first.due_at if first else None}
    Track.objects.update_or_create(incident=incident, defaults=values)
    _tell(by, row, facts.ClocksReckoned(incident=incident, upto=last, clocks=tuple(lines)))
    return True


def _must_be_the_desk(by: Actor) -> None:
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)


def _tell(by: Actor, row: Incident, fact: "facts.Looked | facts.ClocksReckoned") -> None:
    topics = (row.subject, "incidents")
    record(fact, subject=own_subject(row.uuid), by=by, world=World(row.world), topics=topics)


def _as_told(looked: facts.Looked) -> Entry:
    """It is numbered when the act is over; what it says holds from ``looked.entry`` on, wherever it will stand."""
    return Entry(number=0, fact=looked.name, body=looked.body().decode())


# What stands outside the record.


def _look(row: Incident, told: Sequence[Entry], upto: int) -> facts.Looked | None:
    """Where something was decided since ``upto``: the places, teams and hours as they are, unless they are known."""
    events = entries.events(told)
    new = [one for one in events if one.number > upto and one.what in DECIDING]
    if not new:
        return None
    known = _known(entries.noted(told))
    places = tuple(accounts.uuids_above(row.organisation))
    teams = _teams(_owners(events, new))
    found = _hours(row)
    same_teams = all(known.teams.get(person) == team for person, team in teams.items())
    if known.places == places and same_teams and all(known.hours.get(name) == one for name, one in found.items()):
        return None
    return facts.Looked(incident=row.uuid, entry=new[0].number, places=places, teams=teams, hours=found)


def _known(noted: Iterable[Noted]) -> Noted:
    places: tuple[str, ...] = ()
    teams: dict[str, str] = {}
    found: dict[str, str] = {}
    for one in noted:
        places = one.places
        teams.update(one.teams)
        found.update(one.hours)
    return Noted(0, places, teams, found)


def _owners(events: Sequence[Event], new: Sequence[Event]) -> set[str]:
    """Whoever owns it now, and whoever came to own it since."""
    held = [one.code for one in events if one.what in {What.HELD, What.LEFT}]
    return {one for one in (*(each.code for each in new if each.what is What.HELD), *held[-1:]) if one}


def _teams(owners: set[str]) -> dict[str, str]:
    """The first of each person's teams; empty where somebody is in none."""
    people = {UUID(one.removeprefix(PERSON)): one for one in owners if one.startswith(PERSON)}
    found = dict.fromkeys(people.values(), "")
    rows = accounts.teams(DESK).filter(people__uuid__in=list(people)).order_by("name", "id") if people else ()
    for team in rows:
        for person in team.people.all():
            owner = people.get(person.uuid)
            if owner is not None and not found[owner]:
                found[owner] = str(team.uuid)
    return found


def _hours(row: Incident) -> dict[str, str]:
    """By what targets call them, the digest of each calendar in use; its content is kept."""
    named = {choice: calendar_named(choice) for choice in book_in_force().book.hours_in_use()}
    calendars = {OWN_HOURS: accounts.calendar_of(row.organisation), **{k: v for k, v in named.items() if v is not None}}
    texts = {choice: hours.written(one) for choice, one in calendars.items()}
    kept = [Hours(digest=hours.digest(text), content=text) for text in texts.values()]
    Hours.objects.bulk_create(kept, ignore_conflicts=True)
    return {choice: hours.digest(text) for choice, text in texts.items()}


# What came out.


def _write(row: Incident, clocks: Sequence[Reckoned]) -> list[facts.ClockLine]:
    """The rows that differ, written; as lines for the ledger."""
    rows = {(one.measure, one.round): one for one in Clock.objects.filter(incident=row.uuid)}
    lines = []
    for clock in clocks:
        line = _line(clock)
        old = rows.get((clock.measure, clock.round))
        if old is not None and _columns(old) == line.columns():
            continue
        _save(row, old, clock, line)
        lines.append(line)
    return lines


def _line(clock: Reckoned) -> facts.ClockLine:
    return facts.ClockLine(
        measure=clock.measure,
        round=clock.round,
        target=clock.terms.target,
        minutes=clock.terms.minutes,
        hours=clock.terms.hours,
        state=clock.state,
        because=clock.because,
        started_at=clock.started_at,
        due_at=clock.due_at,
        left=clock.left,
        stopped_at=clock.stopped_at,
    )


def _columns(row: Clock) -> Mapping[str, object]:
    """As ``ClockLine.columns`` has them."""
    plain = {name: getattr(row, name) for name in ("target", "minutes", "hours", "state", "because", "left")}
    times = {name: facts.stamp(getattr(row, name)) for name in ("started_at", "due_at", "stopped_at")}
    return {**plain, **times}


@dataclass(frozen=True, slots=True)
class _Ahead:
    """For the engine: what of the clock is still to be told."""

    steps: list[list[object]]
    told: int
    next_at: datetime | None


def _ahead(old: Clock | None, clock: Reckoned) -> _Ahead:
    """New terms are told of anew; standing still and going on are not."""
    same = old is not None and (old.minutes, old.hours) == (clock.terms.minutes, clock.terms.hours)
    told = old.told if old is not None and same else 0
    if clock.state is not State.RUNNING:
        return _Ahead([], told, None)
    acts = {step.percent: [one.value for one in step.acts] for step in clock.terms.steps}
    ahead = sorted((percent, at) for percent, at in clock.moments if percent > told)
    steps: list[list[object]] = [[percent, at.isoformat(), acts[percent]] for percent, at in ahead]
    return _Ahead(steps, told, ahead[0][1] if ahead else None)


def _save(row: Incident, old: Clock | None, clock: Reckoned, line: facts.ClockLine) -> None:
    ahead = _ahead(old, clock)
    kept = old or Clock(incident=row.uuid, measure=clock.measure, round=clock.round, world=row.world)
    for name in ("target", "minutes", "hours", "state", "because", "started_at", "due_at", "left", "stopped_at"):
        setattr(kept, name, getattr(line, name))
    kept.warn_at, kept.steps, kept.told, kept.next_at = clock.warn_at, ahead.steps, ahead.told, ahead.next_at
    kept.save(update_fields=WRITTEN if old is not None else None)


@action
def forget_clocks(*, by: Actor, incident: UUID, world: World = World.REAL) -> None:
    """After the record was deleted: its clocks go as well. For the desk's own loop. Raises NotAllowed."""
    _must_be_the_desk(by)
    rows = Clock.objects.filter(incident=incident)
    keys = tuple(f"{measure}/{round_}" for measure, round_ in rows.values_list("measure", "round").order_by("pk"))
    if not Track.objects.filter(incident=incident).delete()[0] and not keys:
        return
    rows.delete()
    fact = facts.ClocksForgotten(incident=incident, clocks=keys)
    record(fact, subject=own_subject(incident), by=by, world=world)
