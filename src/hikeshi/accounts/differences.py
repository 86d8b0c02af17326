"""How a staff list and the directory differ, person by person, before anything is done. Reads only.

A row is whole or nothing, and carries a mark of what it says: who ticks it ticks that, and if it says something else
by the time it is applied it is left.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from django.db.models import Prefetch, Q
from django.db.models.functions import Lower
from django.utils import timezone

from hikeshi.accounts import names, placing, planning, queries, reaching, staff, telephones
from hikeshi.accounts.models import Organisation, Person, StaffFile, StoredWay
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.telephones import WayChange
from hikeshi.documents import tables
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import folded

SLICE: Final = 500
Read = TypeVar("Read")


class Sort(StrEnum):
    """What became of somebody, in the order they are shown."""

    WRONG = "wrong"
    LEFT = "left"
    MOVED = "moved"
    CHANGED = "changed"
    BACK = "back"
    JOINED = "joined"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """``line`` 0: the list does not name them. ``person`` None: the desk does not know them. ``notes`` are no reason
    against it; ``problems`` are.
    """

    line: int
    name: str
    sort: Sort
    person: Person | None = None
    changes: tuple[Change, ...] = ()
    ways: tuple[WayChange, ...] = ()
    place: Organisation | None = None
    username: str = ""
    number: str = ""
    notes: tuple[tables.Problem, ...] = ()
    problems: tuple[tables.Problem, ...] = ()

    @property
    def key(self) -> str:
        return str(self.line) if self.line else f"p-{self.person.uuid}" if self.person else ""

    @property
    def mark(self) -> str:
        """Of what it says."""
        who = str(self.person.uuid) if self.person else self.username
        place = str(self.place.uuid) if self.place else ""
        said = (self.sort.value, who, place, msgspec.to_builtins(self.changes))
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()[:16]

    def becomes(self, name: str) -> str | None:
        """What the field will be; None where it stays."""
        return next((one.after for one in self.changes if one.field == name), None)


def compare(by: Actor, file: StaffFile) -> tuple[Difference, ...]:
    """Every line, then whoever is not on the list. Some six queries per 500 lines. Raises Invalid."""
    read = staff.kept(file)
    gone = _missing(by, file)
    by_name = {_plain(one.name): one for one in gone}
    lines = [_noted(one, by_name) for one in _lines(by, file, read, read.table.rows)]
    return (*lines, *(Difference(0, one.name, Sort.LEFT, one) for one in gone))


def one(by: Actor, file: StaffFile, key: str) -> Difference | None:
    """As it stands now. Raises Invalid."""
    read = staff.kept(file)
    if key.startswith("p-"):
        gone = _missing(by, file, key.removeprefix("p-"))
        return next((Difference(0, one.name, Sort.LEFT, one) for one in gone), None)
    rows = [row for row in read.table.rows if str(row.line) == key]
    return next(_lines(by, file, read, rows), None)


def _noted(found: Difference, missing: Mapping[str, Person]) -> Difference:
    """Somebody new of the same name as somebody missing may be the same person."""
    same = missing.get(_plain(found.name)) if found.sort is Sort.JOINED else None
    if same is None:
        return found
    return replace(found, notes=(*found.notes, tables.Problem("name", "same_name", {"username": same.username})))


def _plain(name: str) -> str:
    """Lists write a name with a blank between its parts, or without."""
    return folded(name).replace(" ", "")


def _missing(by: Actor, file: StaffFile, only: str = "") -> list[Person]:
    """In use, of the organisation and below, and not on the list; never the actor."""
    people = queries.people(by, active=True).filter(organisation__path__startswith=file.organisation.path)
    people = people.exclude(pk=by.person_id or 0).select_related("card").order_by("name", "id")
    if only:
        wanted = _uuid(only)
        people = people.filter(uuid=wanted) if wanted else people.none()
    named = staff.named(file)
    return [person for person in people if not named & _keys(person)]


def _keys(person: Person) -> set[tuple[str, str]]:
    number = person.card.number if hasattr(person, "card") else ""
    return {("number", number), ("username", person.username), ("email", folded(person.email))} - {
        ("number", ""),
        ("email", ""),
    }


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _lines(by: Actor, file: StaffFile, read: tables.Brought, rows: Sequence[tables.Row]) -> Iterator[Difference]:
    fixed = _Fixed(by, file.organisation, placing.seen(by), reaching.rules().country, timezone.localdate(clock.now()))
    for first in range(0, len(rows), SLICE):
        part = rows[first : first + SLICE]
        known = _known(by, read, part)
        yield from (_Line(fixed, known, read, row).difference() for row in part)


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What holds for every line."""

    by: Actor
    place: Organisation
    places: placing.Places
    country: str
    today: date


@dataclass(frozen=True, slots=True)
class _Known:
    """Whom these lines may mean: ``people`` by key. Names ``taken`` and ``holders`` of mail also of those unseen."""

    people: Mapping[tuple[str, str], tuple[Person, ...]]
    taken: frozenset[str]
    holders: Mapping[str, frozenset[int]]
    grants: planning.Grants


def _known(by: Actor, read: tables.Brought, rows: Sequence[tables.Row]) -> _Known:
    said = [read.said(row) for row in rows]
    numbers = {staff.number_key(one.get("number", "")) for one in said} - {""}
    users = {names.normalise(one.get(name, "")) for one in said for name in ("number", "username")} - {""} | numbers
    mails = {folded(one.get("email", "")) for one in said} - {""}
    folding = Person.objects.annotate(folded=Lower("email"))
    holders: dict[str, frozenset[int]] = {}
    for number, mail in folding.filter(folded__in=mails).values_list("pk", "email"):
        holders[folded(mail)] = holders.get(folded(mail), frozenset()) | {number}
    rows_ = queries.people(by).annotate(folded=Lower("email"))
    meant = Q(username__in=users) | Q(card__number__in=numbers) | Q(folded__in=mails)
    ways = Prefetch("ways", queryset=StoredWay.objects.filter(kind__in=telephones.KINDS))
    found: dict[tuple[str, str], tuple[Person, ...]] = {}
    people = list(rows_.filter(meant).select_related("card").prefetch_related(ways))
    for person in people:
        for key in _keys(person):
            found[key] = (*found.get(key, ()), person)
    taken = frozenset(Person.objects.filter(username__in=users | mails).values_list("username", flat=True))
    return _Known(found, taken, holders, planning.grants_of(people))


@dataclass(slots=True)
class _Line:
    fixed: _Fixed
    known: _Known
    read: tables.Brought
    row: tables.Row
    problems: list[tables.Problem] = field(default_factory=list)
    notes: list[tables.Problem] = field(default_factory=list)

    def difference(self) -> Difference:
        said = self.read.said(self.row)
        self.problems += self.read.problems(self.row)
        person, left = self._who(said), self._written("left", lambda: staff.day_of(said.get("left", "")))
        shown = said.get("name") or (person.name if person else "") or said.get("number", "")
        if left is not None and left <= self.fixed.today:
            found = self._left(shown, person, left)
        elif person is None:
            found = self._joined(shown, said)
        else:
            found = self._changed(shown, person, said)
        if left is not None and left > self.fixed.today:
            self.notes.append(tables.Problem("left", "leaves_on", {"day": left.isoformat()}))
        if person is not None and found.sort is not Sort.SAME:
            self._must_be_ours(person)
        found = replace(found, notes=tuple(self.notes), problems=tuple(self.problems))
        return replace(found, sort=Sort.WRONG) if self.problems else found

    def _who(self, said: Mapping[str, str]) -> Person | None:
        """By the number they were found by before, their user name, a number that is their user name, their mail."""
        keys = (
            ("number", staff.number_key(said.get("number", ""))),
            ("username", names.normalise(said.get("username", ""))),
            ("username", names.normalise(said.get("number", ""))),
            ("username", staff.number_key(said.get("number", ""))),
            ("email", folded(said.get("email", ""))),
        )
        if not any(value for _, value in keys):
            self.problems.append(tables.Problem("", "nobody_named"))
            return None
        for name, value in keys:
            found = self.known.people.get((name, value), ()) if value else ()
            if len(found) > 1:
                self.problems.append(tables.Problem(name, "several_people"))
            if found:
                return found[0]
        return None

    def _left(self, shown: str, person: Person | None, day: date) -> Difference:
        if person is None or not person.is_active or person.pk == self.fixed.by.person_id:
            return Difference(self.row.line, shown, Sort.SAME, person)
        change = Change("left", "", day.isoformat())
        return Difference(self.row.line, shown, Sort.LEFT, person, (change,))

    def _joined(self, shown: str, said: Mapping[str, str]) -> Difference:
        mail = self._mail(said, None)
        wanted = said.get("username") or said.get("number") or mail
        username = self._written("username", lambda: names.username(wanted)) or ""
        name = self._written("name", lambda: names.title(said.get("name", ""))) or ""
        if username in self.known.taken:
            self.problems.append(tables.Problem("username", "taken"))
        place = self._place(said) or self.fixed.place
        if not self.fixed.by.may(Verb.MANAGE, place.pk):
            place = self.fixed.place
        ways = self._ways(said, ())
        made = (Change("username", "", username), Change("organisation", "", place.name), *_changes(ways))
        changes = (*made, Change("email", "", mail)) if mail else made
        number = staff.number_key(said.get("number", ""))
        return Difference(self.row.line, name or shown, Sort.JOINED, None, changes, ways, place, username, number)

    def _changed(self, shown: str, person: Person, said: Mapping[str, str]) -> Difference:
        changes: list[Change] = []
        name = self._written("name", lambda: names.title(said.get("name", "")))
        if name and _plain(name) != _plain(person.name):
            changes.append(Change("name", person.name, name))
        mail = self._mail(said, person)
        if mail and folded(mail) != folded(person.email):
            changes.append(Change("email", person.email, mail))
        place = self._place(said)
        moved = place is not None and place.pk != person.organisation_id
        if moved and place is not None:
            changes.append(Change("organisation", person.organisation.name, place.name))
        ways = self._ways(said, tuple(person.ways.all()))
        changes += _changes(ways)
        sort = Sort.MOVED if moved else Sort.CHANGED if changes else Sort.SAME
        number = staff.number_key(said.get("number", ""))
        found = Difference(self.row.line, shown, sort, person, tuple(changes), ways, place, number=number)
        return found if person.is_active else replace(found, sort=Sort.BACK)

    def _mail(self, said: Mapping[str, str], person: Person | None) -> str:
        mail = self._written("email", lambda: names.email(said.get("email", ""))) or ""
        others = self.known.holders.get(folded(mail), frozenset()) - ({person.pk} if person else set())
        if mail and others:
            self.problems.append(tables.Problem("email", "address_taken"))
        return mail

    def _place(self, said: Mapping[str, str]) -> Organisation | None:
        """None: not said, or none of the desk's; then they stay where they are."""
        words = said.get("organisation", "")
        found = self.fixed.places.called(words) if words else ()
        if words and len(found) != 1:
            reason = "place_ambiguous_stays" if found else "place_unknown_stays"
            self.notes.append(tables.Problem("organisation", reason, {"word": words[:60]}))
        return found[0] if len(found) == 1 else None

    def _ways(self, said: Mapping[str, str], held: Sequence[StoredWay]) -> tuple[WayChange, ...]:
        found: list[WayChange] = []
        for name in telephones.FIELDS:
            if said.get(name):
                read = partial(telephones.changes, name, said[name], self.fixed.country, held)
                found += self._written(name, read) or ()
        return tuple(found)

    def _written(self, name: str, read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except Invalid as refusal:
            self.problems.append(tables.Problem(name, refusal.reason, refusal.params))
            return None

    def _must_be_ours(self, person: Person) -> None:
        """Whoever holds more than the actor, or belongs elsewhere, is not the actor's to change."""
        by = self.fixed.by
        if by.unlimited or person.pk == by.person_id:
            return
        held = self.known.grants.get(person.pk, ())
        mine = by.may(Verb.MANAGE, person.organisation_id)
        if not mine or any(not by.may(verb, where) for _, where, verbs in held for verb in verbs):
            self.notes.append(tables.Problem("", "not_yours"))


def _changes(ways: Sequence[WayChange]) -> list[Change]:
    return [Change(one.field, one.before, one.after) for one in ways]
