"""Service clocks for tests: targets through the product's own verbs, and the engine's turn."""

from datetime import datetime, timedelta

from hikeshi.accounts import actions as accounts
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock
from hikeshi.ledger import reactions
from hikeshi.service_levels import actions
from hikeshi.service_levels.book import Step, Target
from hikeshi.service_levels.codes import Act, Measure
from hikeshi.service_levels.models import Clock
from tests import world

PAUSES = ("reporter", "supplier", "planned")


def promised(measure: Measure = Measure.RESOLVE, minutes: int = 240, **more: object) -> Target:
    """A target in force, of as many minutes for every priority."""
    steps = tuple(Step(percent, ()) for percent in (50, 100))
    said = {"minutes": (minutes,) * 5, "pauses": PAUSES, "steps": steps, **more}
    draft = actions.Draft(measure=measure, ja=f"{measure}", en=f"{measure}", **said)
    reactions.begin()
    added = actions.add_target(by=world.admin(), draft=draft)
    return actions.switch_target(by=world.admin(), code=added.code, on=True)


def step(percent: int, *acts: Act) -> Step:
    return Step(percent, acts)


def office(**more: object) -> None:
    """Nine to six on weekdays, Japan's holidays, for the whole site."""
    place = world.site()
    said = {"name": "Office", "time_zone": "Asia/Tokyo", "hours": ["9-18"] * 5 + ["", ""], "country": "JP", **more}
    calendar = accounts.add_calendar(by=world.admin(), **said)
    accounts.choose_calendar(by=world.admin(), organisation=place.uuid, calendar=calendar.uuid)


def heard() -> None:
    """Reactions have caught up."""
    while reactions.step(clock.now()):
        continue


def engine() -> None:
    """Everything that is due now has been done."""
    heard()
    while actions.watch_clocks(clock.now()):
        continue
    heard()


def later(span: timedelta) -> None:
    clock.fast_forward(span)
    engine()


def on(at: datetime) -> None:
    clock.freeze(at)
    engine()


def clock_of(record: Incident, measure: Measure = Measure.RESOLVE) -> Clock:
    engine()
    return Clock.objects.filter(incident=record.uuid, measure=measure).latest("round")
