"""What a file of people would do, before anything is done. Reads only."""

import zlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models.functions import Lower

from hikeshi.accounts import columns, names, placing, queries
from hikeshi.accounts.models import Grant, Organisation, PeopleFile, Person, Role
from hikeshi.accounts.permissions import Verb
from hikeshi.documents import tables
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import folded
from hikeshi.phrases import labels

MOST: Final = 5_000
SLICE: Final = 500
Grants = Mapping[int, list[tuple[str, int, tuple[str, ...]]]]
"""By person: role code, organisation, verbs."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a good line comes to. ``roles`` are those to add; ``person`` None is somebody new."""

    person: Person | None
    username: str
    name: str
    email: str
    organisation: Organisation
    language: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """``missing``: people of the organisation and below who are not in the file. Nothing happens to them by itself."""

    lines: tables.Plan[Draft]
    missing: tuple[Person, ...]


def people_file(by: Actor, uuid: UUID) -> PeopleFile:
    """One's own. Raises NotFound, NotAllowed."""
    rows = PeopleFile.objects.select_related("organisation")
    found = (rows if by.unlimited else rows.filter(person=by.person_id or 0)).filter(uuid=uuid).first()
    if found is None:
        by.must(Verb.MANAGE)
        raise NotFound("import")
    return found


def kept(file: PeopleFile) -> tables.Brought:
    """What was brought before."""
    return _read(file.uuid)


@lru_cache(maxsize=1)
def _read(uuid: UUID) -> tables.Brought:
    """Remembered, since an import of many steps reads the same file at each."""
    return brought(zlib.decompress(bytes(PeopleFile.objects.values_list("body", flat=True).get(uuid=uuid))))


def brought(body: bytes) -> tables.Brought:
    """Raises Invalid for what is no table of people."""
    table, fit = tables.bring(body, columns.sheet().fields, most=MOST)
    users = [(row.line, names.normalise(fit.value(row, "username"))) for row in table.rows]
    mails = [(row.line, folded(fit.value(row, "email"))) for row in table.rows]
    return tables.Brought(table, fit, {**tables.same_twice(mails), **tables.same_twice(users)})


def plan(by: Actor, place: Organisation, file: tables.Brought) -> PeoplePlan:
    return PeoplePlan(lines(by, place, file), missing(by, place, file))


def lines(
    by: Actor, place: Organisation, file: tables.Brought, start: int = 0, end: int | None = None
) -> tables.Plan[Draft]:
    """Per line: new, changed, same or wrong. Some six queries per 500 lines."""
    rows = file.table.rows[start:end]
    planned: list[tables.Planned[Draft]] = []
    fixed = _fixed(by, place)
    for first in range(0, len(rows), SLICE):
        part = rows[first : first + SLICE]
        known = _known(by, file, part)
        planned += [_planned(by, file, row, fixed, known) for row in part]
    return tables.Plan(tuple(planned))


def missing(by: Actor, place: Organisation, file: tables.Brought) -> tuple[Person, ...]:
    """People in use, of the organisation and below, whom no line names; never the actor."""
    named = {names.normalise(file.fit.value(row, "username")) for row in file.table.rows}
    people = queries.people(by, active=True).filter(organisation__path__startswith=place.path)
    return tuple(one for one in people.exclude(pk=by.person_id or 0).order_by("username") if one.username not in named)


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What holds for every line."""

    place: Organisation
    places: placing.Places
    roles: Mapping[str, Role]


def _fixed(by: Actor, place: Organisation) -> _Fixed:
    return _Fixed(place, placing.managed(by, place), _roles())


def _roles() -> dict[str, Role]:
    """By code and by name, in both languages."""
    found: dict[str, Role] = {}
    for role in Role.objects.all():
        for word in (role.code, role.name, *labels.spellings("account_role", role.code)):
            found.setdefault(folded(word), role)
    found.pop("", None)
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands in the database of what these lines name. ``others``: addresses of people, also of those unseen."""

    people: Mapping[str, Person]
    others: Mapping[str, tuple[int, ...]]
    taken: frozenset[str]
    grants: Grants


def _known(by: Actor, file: tables.Brought, rows: Sequence[tables.Row]) -> _Known:
    users = {names.normalise(file.fit.value(row, "username")) for row in rows}
    mails = {file.fit.value(row, "email").strip() for row in rows} - {""}
    seen = {one.username: one for one in queries.people(by).filter(username__in=users)}
    taken = set(Person.objects.filter(username__in=users).values_list("username", flat=True))
    others: dict[str, tuple[int, ...]] = {}
    written = Person.objects.annotate(folded=Lower("email")).filter(folded__in={mail.casefold() for mail in mails})
    for number, mail in written.values_list("pk", "email"):
        others[folded(mail)] = (*others.get(folded(mail), ()), number)
    return _Known(seen, others, frozenset(taken - seen.keys()), grants_of(seen.values()))


def grants_of(people: Collection[Person]) -> Grants:
    found: dict[int, list[tuple[str, int, tuple[str, ...]]]] = {}
    rows = Grant.objects.filter(person__in=[one.pk for one in people]).select_related("role")
    for one in rows:
        found.setdefault(one.person_id, []).append((one.role.code, one.organisation_id, tuple(one.role.verbs)))
    return found


def _planned(by: Actor, file: tables.Brought, row: tables.Row, fixed: _Fixed, known: _Known) -> tables.Planned[Draft]:
    said, problems = file.said(row), file.problems(row)
    before = known.people.get(names.normalise(said["username"]))
    draft = _Reading(by, said, fixed, known, before, problems).draft()
    shown = said["name"] or said["username"]
    if draft is None or problems:
        return tables.Planned(row.line, shown, tables.Fate.WRONG, problems=tuple(problems))
    changed = _changed(draft, said)
    fate = tables.Fate.NEW if before is None else tables.Fate.CHANGED if changed else tables.Fate.SAME
    return tables.Planned(row.line, shown, fate, draft, changed if before else ())


def _changed(draft: Draft, said: Mapping[str, str]) -> tuple[str, ...]:
    was = draft.person
    if was is None:
        return ()
    differ = [name for name in ("name", "email") if getattr(draft, name) != getattr(was, name)]
    if draft.organisation.pk != was.organisation_id:
        differ.append("organisation")
    return (*differ, *(["roles"] if draft.roles else []))


@dataclass(slots=True)
class _Reading:
    """One line on its way to a draft; what is wrong with it is put to ``problems``."""

    by: Actor
    said: Mapping[str, str]
    fixed: _Fixed
    known: _Known
    before: Person | None
    problems: list[tables.Problem]

    def draft(self) -> Draft | None:
        username = self._written("username", names.username)
        name = self._written("name", names.title)
        place, email, language = self._place(), self._email(), columns.language(self.said.get("language", ""))
        if language is None:
            self.problems.append(tables.Problem("language", "unknown"))
        if username in self.known.taken:
            self.problems.append(tables.Problem("username", "taken"))
        if place is None or self.problems:
            return None
        self._must_be_ours()
        return Draft(self.before, username, name, email, place, language or "", self._roles(place))

    def _written(self, field: str, proper: Callable[[str], str]) -> str:
        try:
            return proper(self.said.get(field, ""))
        except Invalid as refusal:
            self.problems.append(tables.Problem(field, refusal.reason, refusal.params))
            return ""

    def _email(self) -> str:
        if "email" not in self.said:
            return self.before.email if self.before else ""
        typed = self._written("email", names.email)
        holders = set(self.known.others.get(folded(typed), ())) if typed else set()
        if holders - ({self.before.pk} if self.before else set()):
            self.problems.append(tables.Problem("email", "address_taken"))
        return typed

    def _place(self) -> Organisation | None:
        if not columns.levels(self.said.get("organisation", "")):
            return self.before.organisation if self.before and "organisation" not in self.said else self.fixed.place
        found = self.fixed.places.called(self.said["organisation"])
        if len(found) != 1:
            reason = "ambiguous_place" if found else "unknown_place"
            self.problems.append(tables.Problem("organisation", reason, {"word": self.said["organisation"][:60]}))
            return None
        return found[0]

    def _must_be_ours(self) -> None:
        """Whoever holds more than the actor, or belongs elsewhere, is not the actor's to change."""
        if self.before is None or self.by.unlimited:
            return
        if not self.by.may(Verb.MANAGE, self.before.organisation_id):
            self.problems.append(tables.Problem("username", "not_yours"))
            return
        held = self.known.grants.get(self.before.pk, ())
        if any(not self.by.may(verb, where) for _, where, verbs in held for verb in verbs):
            self.problems.append(tables.Problem("username", "not_yours"))

    def _roles(self, place: Organisation) -> tuple[Role, ...]:
        held = {(code, where) for code, where, _ in self.known.grants.get(self.before.pk, ())} if self.before else set()
        added = []
        for word in columns.listed(self.said.get("roles", "")):
            role = self.fixed.roles.get(word)
            if role is None:
                self.problems.append(tables.Problem("roles", "unknown_role", {"word": word[:60]}))
            elif any(not self.by.may(verb, place.pk) for verb in role.verbs):
                self.problems.append(tables.Problem("roles", "role_beyond_you", {"word": word[:60]}))
            elif (role.code, place.pk) not in held:
                added.append(role)
        return tuple(added)


def rows_of(by: Actor) -> Iterator[list[tables.Cell]]:
    """Everybody in use whom the reader sees, as a file that can be brought in again: of the roles, those they hold
    where they belong. Two queries per 500 people.
    """
    titles = dict(Organisation.objects.values_list("path", "name"))
    seen = set(queries.organisations(by).values_list("path", flat=True))
    everybody = queries.people(by, active=True).order_by("username").prefetch_related("grants__role")
    for one in everybody.iterator(chunk_size=SLICE):
        roles = [grant.role for grant in one.grants.all() if grant.organisation_id == one.organisation_id]
        named = "; ".join(role.name or labels.label("account_role", role.code) for role in roles)
        place = _spelt(one.organisation.path, titles) if one.organisation.path in seen else ""
        shown = named if one.organisation.path in seen else ""
        yield [one.username, one.name, one.email, place, shown, one.language]


def _spelt(path: str, titles: Mapping[str, str]) -> str:
    """``Group / Plant``: from the topmost organisation down."""
    steps = [step for step in path.split("/") if step]
    above = ["/" + "/".join(steps[: end + 1]) + "/" for end in range(len(steps))]
    return " / ".join(titles[one] for one in above if one in titles)
