"""What the forms of duty do."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from hikeshi.kernel.acting import Actor
from hikeshi.oncall import actions
from hikeshi.oncall.queries import duty
from hikeshi.oncall.queries.rotas import Rota

ANSWERS = {"accept": actions.accept_swap, "decline": actions.decline_swap, "withdraw": actions.withdraw_swap}


class Typed(TypedDict, total=False):
    person: str
    asked: str
    substitute: str
    begins_at: datetime
    ends_at: datetime
    back_begins_at: datetime | None
    back_ends_at: datetime | None
    reason: str
    note: str


def _chosen(typed: str | None) -> UUID | None:
    return UUID(typed) if typed else None


def cover(by: Actor, row: Rota, it: Typed) -> object:
    return actions.add_cover(
        by=by,
        rota=row.uuid,
        person=_chosen(it["person"]),
        begins_at=it["begins_at"],
        ends_at=it["ends_at"],
        reason=it["reason"],
    )


def swap(by: Actor, row: Rota, it: Typed) -> object:
    return actions.ask_swap(
        by=by,
        rota=row.uuid,
        begins_at=it["begins_at"],
        ends_at=it["ends_at"],
        asked=_chosen(it["asked"]),
        back_begins_at=it["back_begins_at"],
        back_ends_at=it["back_ends_at"],
        note=it["note"],
    )


def absence(by: Actor, it: Typed) -> object:
    return actions.add_absence(
        by=by,
        begins_at=it["begins_at"],
        ends_at=it["ends_at"],
        person=_chosen(it.get("person")),
        substitute=_chosen(it["substitute"]),
    )


def feed(by: Actor, rota: str) -> str:
    """The secret of the new address."""
    return actions.open_feed(by=by, rota=_chosen(rota))


def calendar(by: Actor, it: dict[str, str]) -> object:
    sort, _, uuid = it["whose"].partition(":")
    return actions.subscribe_calendar(
        by=by,
        address=it["address"],
        rota=UUID(uuid) if sort == "rota" else None,
        person=UUID(uuid) if sort == "person" else None,
        calendar=UUID(uuid) if sort == "calendar" else None,
        containing=it["containing"],
    )


def restore(by: Actor, row: Rota, number: int, why: str) -> object:
    """Raises NotFound where there is no such version."""
    said = duty.history(row).version(number).terms
    return actions.edit_rota(
        by=by,
        rota=row.uuid,
        name=said.name,
        time_zone=said.time_zone,
        layers=said.layers,
        note=said.note,
        promise=said.promise,
        why=why,
    )
