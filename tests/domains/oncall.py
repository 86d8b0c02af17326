"""Rotas for tests, said by plain functions."""

from datetime import UTC, datetime
from uuid import UUID

from hikeshi.accounts.models import Person
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.oncall import actions
from hikeshi.oncall.models import Rota
from hikeshi.oncall.terms import LayerTerms
from hikeshi.oncall.turns import Unit
from tests import world

SATURDAY = datetime(2026, 11, 21, 0, 0, tzinfo=UTC)  # 09:00 in Tokyo, where turns are handed over
FIRST = datetime.fromisoformat("2026-11-21 09:00")


def weekly(*people: Person, unit: Unit = Unit.WEEK, zone: str = "Asia/Tokyo", **more: object) -> LayerTerms:
    said = {"zone": zone, "begins": FIRST, "people": tuple(one.uuid for one in people), "unit": unit, **more}
    return LayerTerms(**said)  # type: ignore[arg-type]  # as the test says it


def planner() -> Actor:
    return world.actor("sato", "manager")


def rota(*people: Person, name: str = "Night", **more: object) -> Rota:
    """Handed over every Saturday at nine; the clock stands at the first hand-over."""
    clock.freeze(SATURDAY)
    return actions.add_rota(
        by=planner(),
        organisation=world.site().uuid,
        name=name,
        time_zone="Asia/Tokyo",
        layers=[weekly(*people, **more)],
    )


def responders(*names: str) -> list[Person]:
    return [world.person(name, "responder") for name in names]


def ref(person: Person) -> str:
    return f"person:{person.uuid}"


def nobody() -> UUID:
    return UUID(int=0)
