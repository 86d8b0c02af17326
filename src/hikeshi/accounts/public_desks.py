"""Public desks the product knows of, with where and when that was read; nobody has to take them up. Reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec
import yaml
from django.db.models import QuerySet

from hikeshi.accounts import contacts, queries
from hikeshi.accounts.models import Organisation, Party
from hikeshi.accounts.permissions import Verb
from hikeshi.documents.tables import Words
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound

DATA: Final = Path(__file__).parent / "data" / "public_desks.yaml"
TEXTS: Final = ("name", "duty", "note")
_NOTHING: Final = Words("", "")


@dataclass(frozen=True, slots=True)
class DeskWay:
    kind: str
    address: str
    label: Words = _NOTHING


@dataclass(frozen=True, slots=True)
class Desk:
    """``as_of``: the source's own date, where it has one; ``read``: when we read it; ``by_way_of``: what repeats it."""

    edition: int
    kind: str
    name: Words
    duty: Words
    note: Words
    source: str
    read: date
    as_of: date | None = None
    ways: tuple[DeskWay, ...] = ()
    by_way_of: str = ""

    def text(self, field: str, language: str) -> str:
        said: Words = getattr(self, field)
        return said.said(language)


@dataclass(frozen=True, slots=True)
class Offer:
    """``party``: what the site made of it. ``differs``: field, what stands there, what the newer edition says."""

    code: str
    desk: Desk
    party: Party | None
    differs: tuple[tuple[str, str, str], ...] = ()

    @property
    def is_newer(self) -> bool:
        return self.party is not None and self.desk.edition > self.party.desk_edition


@cache
def desks() -> Mapping[str, Desk]:
    read = yaml.load(DATA.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return msgspec.convert(read["desks"], dict[str, Desk])


def desk(code: str) -> Desk:
    """Raises NotFound."""
    found = desks().get(code)
    if found is None:
        raise NotFound("desk")
    return found


def places(by: Actor) -> QuerySet[Organisation]:
    """For which the reader may write contacts, the topmost first."""
    return queries.organisations(by, Verb.MANAGE).filter(retired_at=None).order_by("path")


def place(by: Actor, wanted: UUID | None = None) -> Organisation:
    """One of those; where none is named, the topmost. Raises NotFound."""
    found = (places(by).filter(uuid=wanted) if wanted else places(by)).first()
    if found is None:
        raise NotFound("organisation")
    return found


def offers(by: Actor, place: Organisation | None = None) -> Sequence[Offer]:
    """Each with what this organisation made of it; without one, what any of those did that the reader sees."""
    rows = contacts.seen_parties(by).filter(desk__in=desks()).prefetch_related("ways").order_by("-id")
    rows = rows if place is None else rows.filter(organisation=place)
    taken = {row.desk: row for row in rows}
    return [_offer(code, one, taken.get(code)) for code, one in desks().items()]


def _offer(code: str, one: Desk, party: Party | None) -> Offer:
    found = Offer(code, one, party)
    return Offer(code, one, party, tuple(_differs(one, party))) if party is not None and found.is_newer else found


def _differs(one: Desk, party: Party) -> Sequence[tuple[str, str, str]]:
    texts = [(name, getattr(party, name), one.text(name, party.language)) for name in TEXTS]
    held = {way.address for way in party.ways.all()}
    ways = [("ways", "", way.address) for way in one.ways if way.address not in held]
    return [each for each in texts if each[1] != each[2]] + ways
