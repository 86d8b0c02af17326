"""Things of the site that a question asks for: an asset, a department, a person. What is offered, and to whom.

Strangers are offered public services and nothing else; whoever has signed in, what they see and whom they may name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from hikeshi.accounts import directory
from hikeshi.accounts.models import Organisation, Person
from hikeshi.assets import queries as assets
from hikeshi.assets.models import Asset
from hikeshi.forms.answering import Given, Named
from hikeshi.forms.definitions import NAMING, Definition, FieldKind
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import folded

OFFERED: Final = 8
SHORTEST: Final = 2
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Thing:
    """``beside`` tells it from others of its name: the department of a person, where a department or asset belongs."""

    uuid: UUID
    name: str
    beside: str = ""


def offered(by: Actor, kind: FieldKind, words: str) -> list[Thing]:
    """What these words may mean, the likeliest first; nothing for fewer than two letters."""
    said = folded(words[:LONGEST])
    return _FOUND[kind](by, said.split())[:OFFERED] if len(said) >= SHORTEST else []


def only(found: Sequence[Thing], words: str) -> Thing | None:
    """The one that is called exactly so."""
    same = [one for one in found if folded(one.name) == folded(words)]
    return same[0] if len(same) == 1 else None


def named(by: Actor, definition: Definition, given: Given) -> Named:
    """What was chosen, as it is kept. Raises Invalid for what this person may not choose, or nobody any more."""
    found: dict[str, JSON] = {}
    for one in definition.fields:
        said = given.get(one.key, ())
        if one.kind in NAMING and len(said) == 2:
            thing = _one(by, one.kind, said[1])
            if thing is None:
                raise Invalid(one.key, "unknown")
            found[one.key] = {one.kind.value: str(thing.uuid), "name": thing.name}
    return found


def assets_in(definition: Definition, kept: Mapping[str, JSON]) -> tuple[UUID, ...]:
    answers = (kept.get(one.key) for one in definition.fields if one.kind is FieldKind.ASSET)
    return tuple(dict.fromkeys(UUID(str(one["asset"])) for one in answers if isinstance(one, dict)))


def _one(by: Actor, kind: FieldKind, uuid: str) -> Thing | None:
    try:
        wanted = UUID(uuid)
    except ValueError:
        return None
    return _SEEN[kind](by, wanted)


def _assets(by: Actor, words: Sequence[str]) -> list[Thing]:
    """By name; what else of it is searched for by the desk is not for everybody."""
    rows = assets.nameable(by)
    for word in words:
        rows = rows.filter(called__contains=word)
    return [_asset(one) for one in rows[:OFFERED]]


def _asset(row: Asset) -> Thing:
    return Thing(row.uuid, row.name)


def _departments(by: Actor, words: Sequence[str]) -> list[Thing]:
    found = [_department(one) for one in directory.departments(by).select_related("parent")]
    return [one for one in found if all(word in folded(one.name) for word in words)]


def _department(row: Organisation) -> Thing:
    return Thing(row.uuid, row.name, row.parent.name if row.parent else "")


def _people(by: Actor, words: Sequence[str]) -> list[Thing]:
    rows = directory.colleagues(by)
    for word in words:
        rows = rows.filter(name__icontains=word)
    return [_person(one) for one in rows[:OFFERED]]


def _person(row: Person) -> Thing:
    return Thing(row.uuid, row.name, row.organisation.name)


_FOUND: Final[Mapping[FieldKind, Callable[[Actor, Sequence[str]], list[Thing]]]] = {
    FieldKind.ASSET: _assets,
    FieldKind.DEPARTMENT: _departments,
    FieldKind.PERSON: _people,
}
_SEEN: Final[Mapping[FieldKind, Callable[[Actor, UUID], Thing | None]]] = {
    FieldKind.ASSET: lambda by, uuid: next(map(_asset, assets.nameable(by).filter(uuid=uuid)), None),
    FieldKind.DEPARTMENT: lambda by, uuid: next(
        map(_department, directory.departments(by).select_related("parent").filter(uuid=uuid)), None
    ),
    FieldKind.PERSON: lambda by, uuid: next(map(_person, directory.colleagues(by).filter(uuid=uuid)), None),
}
