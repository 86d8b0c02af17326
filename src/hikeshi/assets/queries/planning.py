"""What a file of assets would do, before anything is done."""

import zlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation, Person, Team
from hikeshi.assets import cells, reading
from hikeshi.assets.models import Asset, Dependency, Import
from hikeshi.assets.particulars import MOST_NEEDS, Particulars, checked
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries.lists import given, with_belongings
from hikeshi.assets.queries.visibility import visible
from hikeshi.documents import tables
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import folded

SLICE: Final = 500
LOOKED_AT: Final = 5_000
"""Lines of a preview: a page answers in time. Of a longer file, all are checked before the first is written."""


@dataclass(frozen=True, slots=True)
class Brought(tables.Brought):
    """``named``: the names and numbers its rows give, with their line."""

    named: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a good line comes to: ``asset`` is the one that stands there; ``needs`` are names, None where the file has
    no such column.
    """

    particulars: Particulars
    asset: UUID | None
    needs: tuple[str, ...] | None


def imported(by: Actor, uuid: UUID) -> Import:
    """One's own import. Raises NotFound."""
    rows = Import.objects.select_related("organisation", "person")
    found = (rows if by.unlimited else rows.filter(person=by.person_id or 0)).filter(uuid=uuid).first()
    if found is None:
        by.must(Verb.MANAGE)
        raise NotFound("import")
    return found


def kept(file: Import) -> Brought:
    """What was brought before."""
    return _read(file.uuid)


@lru_cache(maxsize=1)
def _read(uuid: UUID) -> Brought:
    """Remembered, since an import of many steps reads the same file at each."""
    return brought(zlib.decompress(bytes(Import.objects.values_list("body", flat=True).get(uuid=uuid))))


def brought(body: bytes) -> Brought:
    """Raises Invalid for what is no table of assets."""
    table, fit = tables.bring(body, cells.sheet().fields)
    numbers = [(row.line, _key("number", fit.value(row, "number"))) for row in table.rows]
    names = [(row.line, _key("name", fit.value(row, "name"))) for row in table.rows]
    twice = {**tables.same_twice(names), **tables.same_twice(numbers)}
    named = {key.partition(":")[2]: line for line, key in reversed([*numbers, *names]) if key}
    return Brought(table, fit, twice, named)


def _key(kind: str, text: str) -> str:
    return f"{kind}:{folded(text)}" if text else ""


def plan(by: Actor, place: Organisation, file: Brought, start: int = 0, end: int | None = None) -> tables.Plan[Draft]:
    """Per line: new, changed, same or wrong. Some six queries per 500 lines."""
    rows = file.table.rows[start:end]
    planned: list[tables.Planned[Draft]] = []
    for first in range(0, len(rows), SLICE):
        part = rows[first : first + SLICE]
        known = _known(by, place, file, part)
        planned += [_planned(file, row, known) for row in part]
    return tables.Plan(tuple(planned))


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands in the database of what these lines name, as ``by`` sees it."""

    by: Actor
    people: Mapping[str, tuple[Person, ...]]
    teams: Mapping[str, Team]
    by_number: Mapping[str, Asset]
    by_name: Mapping[str, Asset]
    needed: frozenset[str]
    today: date = field(default_factory=lambda: clock.now().date())


def _known(by: Actor, place: Organisation, file: Brought, rows: Sequence[tables.Row]) -> _Known:
    def said(code: str) -> set[str]:
        return {text for row in rows if (text := file.fit.value(row, code).strip())}

    standing = visible(by).filter(organisation=place, retired_at__isnull=True)
    whole = with_belongings(standing.select_related("owner", "team"))
    named = Q(number__in=said("number")) | Q(called__in={folded(name) for name in said("name")})
    found = list(whole.filter(named))
    needed = {folded(name) for cell in said("needs") for name in cells.names_in(cell)}
    return _Known(
        by=by,
        people=people_named(by, said("owner")),
        teams=_teams(by) if said("team") else {},
        by_number={folded(one.number): one for one in found if one.number},
        by_name={one.called: one for one in found},
        needed=frozenset(assets_named(by, place, needed)),
    )


def _teams(by: Actor) -> dict[str, Team]:
    """By name; one in use rather than one of its name that is not."""
    rows = sorted(accounts.teams(by, retired=None), key=lambda one: one.retired_at is None)
    return {folded(one.name): one for one in rows}


def people_named(by: Actor, names: Collection[str]) -> dict[str, tuple[Person, ...]]:
    """People by user name, address and name, each folded."""
    if not names:
        return {}
    typed = {Person.normalize_username(name) for name in names}
    wanted = Q(username__in=typed) | Q(email__in=names) | Q(name__in=names)
    found: dict[str, tuple[Person, ...]] = {}
    for one in accounts.people(by, active=True).filter(wanted):
        for key in {folded(one.username), folded(one.email), folded(one.name)}:
            found[key] = (*found.get(key, ()), one)
    return found


def assets_named(by: Actor, place: Organisation, names: Collection[str]) -> dict[str, UUID]:
    """Assets in use by folded name or number: the organisation's own first, a name before a number. Of other
    organisations that the actor sees, what only one asset is called.
    """
    if not names:
        return {}
    named = Q(called__in=names) | Q(lowered__in=names, organisation=place)
    rows = visible(by).annotate(lowered=Lower("number")).filter(named, retired_at__isnull=True)
    found: dict[str, set[UUID]] = {}
    numbers: dict[str, UUID] = {}
    own: dict[str, UUID] = {}
    for name, number, uuid, organisation in rows.values_list("called", "number", "uuid", "organisation"):
        found.setdefault(name, set()).add(uuid)
        if organisation == place.pk:
            own[name] = uuid
            numbers[folded(number)] = uuid
    elsewhere = {name: next(iter(uuids)) for name, uuids in found.items() if len(uuids) == 1}
    return {name: uuid for name, uuid in (elsewhere | numbers | own).items() if name in names}


def called(by: Actor, place: Organisation, names: Sequence[str]) -> tuple[UUID, ...]:
    """The assets of these names or numbers. Raises Invalid for one that nobody has."""
    wanted = [folded(name) for name in names]
    known = assets_named(by, place, set(wanted))
    for name in wanted:
        if name not in known:
            raise Invalid("needs", "unknown_asset", word=name[:60])
    return tuple(known[name] for name in wanted)


def _planned(file: Brought, row: tables.Row, known: _Known) -> tables.Planned[Draft]:
    said, problems = file.said(row), file.problems(row)
    name = said["name"]
    before = _standing(said, known)
    base = given(before) if before else Particulars(name=name)
    result = reading.read(said, base, known.today)
    problems += [one for one in result.problems if one.field not in {problem.field for problem in problems}]
    stated = _with_people(said, result.particulars, known, problems)
    needs = _needs(said, file, known, problems)
    if not problems:
        stated = _checked(stated, known, problems)
    if problems:
        return tables.Planned(row.line, name, tables.Fate.WRONG, problems=tuple(problems))
    return _fate(row, Draft(stated, before.uuid if before else None, needs), before, known)


def _standing(said: Mapping[str, str], known: _Known) -> Asset | None:
    number = folded(said.get("number", ""))
    return (known.by_number.get(number) if number else None) or known.by_name.get(folded(said["name"]))


def _with_people(
    said: Mapping[str, str], stated: Particulars, known: _Known, problems: list[tables.Problem]
) -> Particulars:
    if "owner" in said:
        found = known.people.get(folded(said["owner"]), ())
        if not cells.is_nothing(said["owner"]) and len(found) != 1:
            reason = "ambiguous" if found else "unknown_person"
            problems.append(tables.Problem("owner", reason, {"word": said["owner"][:60]}))
        stated = replace(stated, owner=found[0].uuid if len(found) == 1 else None)
    if "team" in said:
        team = known.teams.get(folded(said["team"]))
        if team is not None and team.retired_at is not None and team.uuid != stated.team:
            team = None
        if not cells.is_nothing(said["team"]) and team is None:
            problems.append(tables.Problem("team", "unknown_team", {"word": said["team"][:60]}))
        stated = replace(stated, team=team.uuid if team else None)
    return stated


def _needs(
    said: Mapping[str, str], file: Brought, known: _Known, problems: list[tables.Problem]
) -> tuple[str, ...] | None:
    if "needs" not in said:
        return None
    names = tuple(folded(name) for name in cells.names_in(said["needs"]))
    if len(names) > MOST_NEEDS:
        problems.append(tables.Problem("needs", "too_many", {"limit": str(MOST_NEEDS)}))
    own = {folded(said["name"]), folded(said.get("number", ""))}
    for name in names:
        if name in own:
            problems.append(tables.Problem("needs", "needs_itself"))
        elif name not in known.needed and name not in file.named:
            problems.append(tables.Problem("needs", "unknown_asset", {"word": name[:60]}))
    return names


def _checked(stated: Particulars, known: _Known, problems: list[tables.Problem]) -> Particulars:
    try:
        stated = checked(stated, today=known.today)
    except Invalid as refusal:
        problems.append(tables.Problem(refusal.field, refusal.reason, refusal.params))
    for other, name in ((known.by_name.get(folded(stated.name)), "name"), (_numbered(stated, known), "number")):
        mine = _standing({"name": stated.name, "number": stated.number}, known)
        if other is not None and mine is not None and other.pk != mine.pk:
            problems.append(tables.Problem(name, "taken"))
    return stated


def _numbered(stated: Particulars, known: _Known) -> Asset | None:
    return known.by_number.get(folded(stated.number)) if stated.number else None


def _fate(row: tables.Row, draft: Draft, before: Asset | None, known: _Known) -> tables.Planned[Draft]:
    if before is None:
        return tables.Planned(row.line, draft.particulars.name, tables.Fate.NEW, draft)
    was = given(before)
    changed = tuple(name for name in reading.STATED if getattr(draft.particulars, name) != getattr(was, name))
    if draft.needs is not None and set(draft.needs) != _needed(known.by, before, draft.needs):
        changed += ("needs",)
    fate = tables.Fate.CHANGED if changed else tables.Fate.SAME
    return tables.Planned(row.line, draft.particulars.name, fate, draft, changed)


def _needed(by: Actor, row: Asset, said: Collection[str]) -> set[str]:
    """What it needs now, each called as the file calls it."""
    seen = seen_of(by, row)
    needed = [(one.needs.called, folded(one.needs.number)) for one in row.needing.all() if one.needs.uuid in seen]
    return {number if number in said else called for called, number in needed}


def seen_of(by: Actor, row: Asset) -> set[UUID]:
    """Of what it needs, what the actor sees: nobody takes away what is not shown to them."""
    return {one.needs.uuid for one in row.needing.all() if by.may(Verb.VIEW, one.needs.organisation_id)}


def needs_said(file: Brought, lines: Sequence[tables.Row]) -> dict[str, tuple[str, ...]]:
    """By folded name, the folded names and numbers of what each line needs; nothing where no column says it."""
    if "needs" not in file.fit.columns:
        return {}
    return {
        folded(file.fit.value(row, "name")): tuple(map(folded, cells.names_in(file.fit.value(row, "needs"))))
        for row in lines
    }


def needing_others(by: Actor, wanted: Mapping[UUID, Collection[UUID]]) -> list[UUID]:
    """Those whose needs, as far as the actor sees them, are others than wanted."""
    standing: dict[UUID, set[UUID]] = {}
    rows = Dependency.objects.filter(asset__uuid__in=list(wanted), needs__in=visible(by))
    for asset, needs in rows.values_list("asset__uuid", "needs__uuid"):
        standing.setdefault(asset, set()).add(needs)
    return [uuid for uuid, needs in wanted.items() if standing.get(uuid, set()) != needs]
