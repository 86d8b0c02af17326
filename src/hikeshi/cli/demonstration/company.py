"""The people, teams and things of the company that does not exist."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final, cast
from uuid import UUID

import yaml

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.models import Organisation
from hikeshi.assets import actions as assets
from hikeshi.assets.codes import Data, IdentifierType, Kind
from hikeshi.assets.identifiers import Identifier
from hikeshi.assets.particulars import Particulars
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system

DATA: Final = Path(__file__).parent / "data"
DESK: Final = system("demonstration")
EVERYWHERE: Final = "."

Table = Mapping[str, object]


def read(file_name: str) -> dict[str, list[dict[str, object]]]:
    with (DATA / file_name).open(encoding="utf-8") as file:
        return cast("dict[str, list[dict[str, object]]]", yaml.load(file, Loader=yaml.CSafeLoader))


def name() -> str:
    return str(read("company.yaml")["name"])


@dataclass(slots=True)
class Company:
    """Who and what there is by the names the stories use."""

    places: dict[str, Organisation]
    people: dict[str, UUID]
    assets: dict[str, UUID]

    def actor(self, username: str) -> Actor:
        return queries.actor_of(queries.person(DESK, self.people[username]))


def found(password: str) -> Company:
    """Sets the company up. Those who sign in get ``password``."""
    told = read("company.yaml")
    root = queries.root()
    places = {EVERYWHERE: root}
    for name in told["organisations"]:
        places[str(name)] = accounts.add_organisation(by=DESK, name=str(name), parent=root.uuid)
    company = Company(places, {}, {})
    for person in told["people"]:
        company.people[str(person["user"])] = _hired(person, places, password)
    teams = {}
    for team in told["teams"]:
        members = [company.people[str(name)] for name in _list(team["people"])]
        lead = company.people[str(team["lead"])]
        made = accounts.add_team(by=DESK, organisation=root.uuid, name=str(team["name"]), people=members, lead=lead)
        teams[str(team["name"])] = made.uuid
    _equip(company, told["assets"], teams)
    return company


def _hired(person: Table, places: Mapping[str, Organisation], password: str) -> UUID:
    username = str(person["user"])
    made = accounts.add_person(
        by=DESK,
        username=username,
        name=str(person["name"]),
        organisation=places[str(person["at"])].uuid,
        email=f"{username}@akatsuki.example",
        language=str(person.get("language", "")),
        password=password if person.get("signs_in") else "",
    )
    place = places[str(person["place"])]
    accounts.grant_role(by=DESK, person=made.uuid, role=str(person["role"]), organisation=place.uuid)
    return made.uuid


def _equip(company: Company, told: list[dict[str, object]], teams: Mapping[str, UUID]) -> None:
    """What something needs has to stand before it: the file may name things in any order."""
    waiting = {str(asset["name"]): asset for asset in told}
    while waiting:
        ready = [name for name, asset in waiting.items() if not set(_list(asset.get("needs"))) & waiting.keys()]
        if not ready:
            raise ValueError(f"these need each other: {sorted(waiting)}")
        for name in ready:
            asset = waiting.pop(name)
            place = company.places[str(asset.get("at", EVERYWHERE))]
            made = assets.add_asset(by=DESK, organisation=place.uuid, particulars=_particulars(asset, company, teams))
            company.assets[name] = made.uuid


def _particulars(asset: Table, company: Company, teams: Mapping[str, UUID]) -> Particulars:
    restored = asset.get("restored")
    return Particulars(
        name=str(asset["name"]),
        kind=Kind(str(asset["kind"])),
        criticality=int(str(asset["criticality"])),
        owner=company.people[str(asset["owner"])] if "owner" in asset else None,
        team=teams[str(asset["team"])] if "team" in asset else None,
        place=str(asset.get("place", "")),
        data=tuple(Data(str(one)) for one in _list(asset.get("data"))),
        persons=_number(asset.get("persons")),
        rto=_number(asset.get("rto")),
        rpo=_number(asset.get("rpo")),
        minimum_level=str(asset.get("minimum", "")),
        substitute=str(asset.get("substitute", "")),
        restored_on=_days_ago(int(str(restored))) if restored is not None else None,
        note=str(asset.get("note", "")),
        identifiers=tuple(_identifiers(asset.get("ids"))),
        needs=tuple(company.assets[str(name)] for name in _list(asset.get("needs"))),
    )


def _identifiers(told: object) -> Iterator[Identifier]:
    for kind, values in (told if isinstance(told, dict) else {}).items():
        yield from (Identifier(IdentifierType(kind), str(value)) for value in _list(values))


def _days_ago(days: int) -> date:
    return (clock.now() - timedelta(days=days)).date()


def _number(value: object) -> int | None:
    return None if value is None else int(str(value))


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
