"""What is asked of the figures: which days, which records, by whose definitions. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final
from uuid import UUID

from hikeshi.figures.definitions import OWN
from hikeshi.figures.periods import Days
from hikeshi.lists.conditions import Condition, Conditions
from hikeshi.lists.fields import Field, Op

GRAVE: Final = ("incident", "accident")


@dataclass(frozen=True, slots=True)
class Asked:
    """``grave``: incidents and accidents alone. ``organisation`` means what lies below it as well."""

    days: Days
    zone: tzinfo = UTC
    compare: bool = True
    organisation: UUID | None = None
    kind: str = ""
    grave: bool = False
    definitions: str = OWN

    def moment(self, day: date) -> datetime:
        """When it begins, in the reader's zone."""
        return datetime.combine(day, time(), tzinfo=self.zone)

    def filter(self, *more: Condition, days: Days | None = None) -> str:
        """What lists the records that are counted: those of these days, or without any, of all days."""
        held = [Condition(Field.WORLD, Op.NOT, ("drill",))]
        if days is not None:
            held += opened(days.since, days.until)
        if self.organisation is not None:
            held.append(Condition(Field.ORGANISATION, Op.IS, (str(self.organisation),)))
        if self.kind:
            held.append(Condition(Field.KIND, Op.IS, (self.kind,)))
        if self.grave:
            held.append(Condition(Field.CLASS, Op.IS, GRAVE))
        return Conditions(((*more, *held),)).text


def opened(since: date | None, until: date | None) -> list[Condition]:
    found = []
    if since is not None:
        found.append(Condition(Field.OPENED, Op.AFTER, (since.isoformat(),)))
    if until is not None:
        found.append(Condition(Field.OPENED, Op.BEFORE, (until.isoformat(),)))
    return found
