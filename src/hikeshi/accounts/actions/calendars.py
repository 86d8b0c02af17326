"""Business hours: calendars, and which organisation keeps which."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from hikeshi.accounts import facts, hours, names, queries
from hikeshi.accounts.actions.rights import TOPICS
from hikeshi.accounts.models import Calendar, Organisation
from hikeshi.accounts.permissions import Verb
from hikeshi.calendars import calendar as calendars
from hikeshi.calendars import days
from hikeshi.calendars.days import LONGEST_NAME, MOST_LINES
from hikeshi.calendars.hours import Fault, Unreadable, written
from hikeshi.calendars.working import NeverOpen, next_open
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import clean
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ABOUT_HOURS = frozenset({Fault.HOURS_FORM, Fault.HOURS_OVERLAP, Fault.HOURS_RANGE})


@action
def add_calendar(
    *,
    by: Actor,
    name: str,
    time_zone: str,
    hours: Sequence[str],
    country: str = "",
    closings: str = "",
    specials: str = "",
) -> Calendar:
    """``hours`` are seven lines, Monday first, as hikeshi.calendars reads them; so are the two lists of days.

    Raises NotAllowed, Invalid.
    """
    by.must(Verb.MANAGE, queries.root().pk)
    row = Calendar(name=names.title(name))
    _take(row, time_zone=time_zone, week=hours, country=country, closings=closings, specials=specials)
    _must_be_free(row)
    _save(by, row)
    return row


@action
def edit_calendar(
    *,
    by: Actor,
    calendar: UUID,
    name: str,
    time_zone: str,
    hours: Sequence[str],
    country: str = "",
    closings: str = "",
    specials: str = "",
    version: int | None = None,
) -> Calendar:
    """What runs by the old hours already keeps its due times; what starts from now on takes the new.

    Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    by.must(Verb.MANAGE, queries.root().pk)
    row = queries.calendar(by, calendar)
    row = Calendar.objects.select_for_update().get(pk=row.pk)
    was = _fields(row)
    row.name = names.title(name)
    _take(row, time_zone=time_zone, week=hours, country=country, closings=closings, specials=specials)
    _must_be_free(row)
    must_be_current(read=version, now=row.version, yours=_fields(row), theirs=was)
    if _fields(row) != was:
        row.version += 1
        _save(by, row)
    return row


@action
def publish_holidays(*, by: Actor, calendar: UUID, holidays: Mapping[date, str]) -> Calendar:
    """These days and no others are holidays there by what others say, each with its name; what is over stays as it was
    said. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.MANAGE, queries.root().pk)
    row = Calendar.objects.select_for_update().get(pk=queries.calendar(by, calendar).pk)
    today = clock.now().astimezone(hours.read(row).place).date()
    before = {_day(line): line for line in row.published.splitlines() if _day(line) < today}
    said = {day: _line(day, name) for day, name in holidays.items() if day >= today}
    lines = [line for _, line in sorted({**before, **said}.items())][-MOST_LINES:]
    if "\n".join(lines) == row.published:
        return row

    row.published = "\n".join(lines)
    _must_open(hours.read(row))
    row.save(update_fields=["published"])

    fact = facts.CalendarSet(calendar=row.uuid, number=row.version, title=row.name, content=hours.digest(row))
    record(fact, subject=f"calendar:{row.uuid}", by=by, topics=TOPICS)
    return row


def _day(line: str) -> date:
    return date.fromisoformat(line[:10])


def _line(day: date, name: str) -> str:
    """As ``hikeshi.calendars`` reads it; a name that would be read as another day is left out."""
    line = f"{day.isoformat()} {' '.join(clean(name, field='holidays').split())[:LONGEST_NAME]}".strip()
    try:
        (read,) = days.read_closings(line)
    except (Unreadable, ValueError):
        return day.isoformat()
    return line if read.first == read.last else day.isoformat()


def _fields(row: Calendar) -> dict[str, str]:
    """By the names the forms use: what a conflict shows."""
    lines = dict(zip(WEEKDAYS, row.hours, strict=True))
    texts = {"name": row.name, "time_zone": row.time_zone, "country": row.country}
    return {**texts, **lines, "closings": row.closings, "specials": row.specials}


def _take(row: Calendar, *, time_zone: str, week: Sequence[str], country: str, closings: str, specials: str) -> None:
    """What was typed, in its one spelling. Raises Invalid naming field and line."""
    typed = {name: clean(text, field=name) for name, text in (("closings", closings), ("specials", specials))}
    try:
        read = calendars.read(zone=time_zone, week=week, country=country, **typed)
    except Unreadable as error:
        raise _refused(error) from error
    _must_open(read)
    row.time_zone, row.country = time_zone, country
    row.hours = [written(spans) for spans in read.week]
    row.closings = "\n".join(map(str, read.closings))
    row.specials = "\n".join(map(str, read.specials))


def _must_open(read: calendars.Calendar) -> None:
    """Closing days may leave nothing open: no clock could ever run by it. Raises Invalid."""
    try:
        next_open(read, clock.now())
    except NeverOpen as error:
        raise Invalid("closings", Fault.NEVER_OPEN) from error


def _refused(error: Unreadable) -> Invalid:
    if error.part == "hours":
        field = WEEKDAYS[error.line - 1] if 0 < error.line <= len(WEEKDAYS) else "hours"
        return Invalid(field, error.fault)
    field = {"zone": "time_zone"}.get(error.part, error.part)
    reason = f"{error.fault}_line" if error.fault in _ABOUT_HOURS else error.fault.value
    return Invalid(field, reason, line=error.line)


def _must_be_free(row: Calendar) -> None:
    if Calendar.objects.filter(name=row.name).exclude(pk=row.pk).exists():
        raise Invalid("name", "taken")


def _save(by: Actor, row: Calendar) -> None:
    row.changed_by, row.changed_at = by.ref, clock.now()
    row.save()
    fact = facts.CalendarSet(calendar=row.uuid, number=row.version, title=row.name, content=hours.digest(row))
    record(fact, subject=f"calendar:{row.uuid}", by=by, topics=TOPICS)


@action
def remove_calendar(*, by: Actor, calendar: UUID) -> None:
    """Raises NotAllowed, NotFound, Invalid where an organisation keeps it."""
    by.must(Verb.MANAGE, queries.root().pk)
    row = queries.calendar(by, calendar)
    keeping = list(Organisation.objects.filter(calendar=row).values_list("name", flat=True)[:3])
    if keeping:
        raise Invalid("calendar", "in_use", where=", ".join(keeping))
    row.delete()
    fact = facts.CalendarRemoved(calendar=calendar, title=row.name)
    record(fact, subject=f"calendar:{calendar}", by=by, topics=TOPICS)


@action
def choose_calendar(*, by: Actor, organisation: UUID, calendar: UUID | None = None) -> Organisation:
    """Whose hours count there and below; None: those of the organisation above. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    chosen = queries.calendar(by, calendar) if calendar is not None else None
    if place.calendar_id == (chosen.pk if chosen else None):
        return place
    place.calendar = chosen
    place.save(update_fields=["calendar"])
    fact = facts.CalendarChosen(
        organisation=place.uuid, calendar=chosen.uuid if chosen else None, title=chosen.name if chosen else ""
    )
    record(fact, subject=f"organisation:{place.uuid}", by=by, topics=TOPICS)
    return place
