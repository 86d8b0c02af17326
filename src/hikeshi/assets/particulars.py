"""What is stated about an asset, checked and written one way. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from hikeshi.accounts import names
from hikeshi.assets.codes import Criticality, Data, Kind
from hikeshi.assets.identifiers import Identifier
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import clean

STALE: Final = timedelta(days=365)
"""A restore that was proven longer ago proves little: systems change."""
LINE: Final = 200
TEXT: Final = 5_000
MOST_IDENTIFIERS: Final = 500
MOST_NEEDS: Final = 200
LONGEST: Final = 60 * 24 * 366
"""Minutes; a longer tolerable outage is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """``rto``: minutes it may be away; ``rpo``: minutes of data that may be lost; ``minimum_level``: what must work
    meanwhile; ``substitute``: what stands in for it; ``persons``: how many people's data it holds; ``needs``: assets it
    cannot work without. ``owner`` is a person, ``team`` a team; either, both or none. ``public``: a service that people
    outside know; whoever reports something may name it, and sees its name.
    """

    name: str
    kind: Kind = Kind.SYSTEM
    number: str = ""
    criticality: int = Criticality.ORDINARY
    owner: UUID | None = None
    team: UUID | None = None
    place: str = ""
    data: tuple[Data, ...] = ()
    public: bool = False
    persons: int | None = None
    rto: int | None = None
    rpo: int | None = None
    minimum_level: str = ""
    substitute: str = ""
    restored_on: date | None = None
    restored_by: str = ""
    restore_note: str = ""
    note: str = ""
    identifiers: tuple[Identifier, ...] = ()
    needs: tuple[UUID, ...] = ()


FIELDS: Final = tuple(one.name for one in fields(Particulars))
_LINES: Final = ("number", "place", "restored_by")
_TEXTS: Final = ("minimum_level", "substitute", "restore_note", "note")


def checked(said: Particulars, *, today: date) -> Particulars:
    """As it is kept. Raises Invalid for the first field that cannot be used."""
    if said.criticality not in list(Criticality):
        raise Invalid("criticality", "out_of_range", low=1, high=4)
    for name in ("persons", "rto", "rpo"):
        _must_count(name, getattr(said, name), most=2_000_000_000 if name == "persons" else LONGEST)
    if said.restored_on is not None and not date(1990, 1, 1) <= said.restored_on <= today + timedelta(days=1):
        raise Invalid("restored_on", "not_plausible")
    if len(said.identifiers) > MOST_IDENTIFIERS:
        raise Invalid("identifiers", "too_many", limit=MOST_IDENTIFIERS)
    if len(said.needs) > MOST_NEEDS:
        raise Invalid("needs", "too_many", limit=MOST_NEEDS)
    texts = {name: _text(name, getattr(said, name), LINE) for name in _LINES}
    texts |= {name: _text(name, getattr(said, name), TEXT) for name in _TEXTS}
    return replace(
        said,
        name=names.title(clean(said.name, field="name")),
        data=tuple(one for one in Data if one in said.data),
        identifiers=_once(said.identifiers),
        needs=tuple(sorted(set(said.needs))),
        **texts,  # type: ignore[arg-type]  # names of text fields, all of them
    )


def _must_count(name: str, number: int | None, *, most: int) -> None:
    if number is not None and not 0 <= number <= most:
        raise Invalid(name, "out_of_range", low=0, high=most)


def _text(name: str, text: str, most: int) -> str:
    kept = clean(text, field=name).strip()
    if most == LINE:
        kept = " ".join(kept.split())
    if len(kept) > most:
        raise Invalid(name, "too_long", limit=most)
    return kept


def _once(given: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """Each thing once, whatever its spellings. Raises Invalid."""
    kept: dict[str, Identifier] = {}
    for one in given:
        kept.setdefault(one.key, Identifier(one.type, clean(one.value, field="identifiers").strip()))
    return tuple(sorted(kept.values()))


def is_stale(restored_on: date | None, today: date) -> bool:
    return restored_on is not None and today - restored_on > STALE
