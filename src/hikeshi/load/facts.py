"""What was settled about load, and to whom the desk gave a record and why. Nothing personal stands here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikeshi.kernel.facts import Fact, Row
from hikeshi.load.codes import Deed


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSettled(Fact):
    """A version of the settings came into force. ``about``: the rule's name, where it is about one."""

    number: int
    deed: Deed
    about: str
    content: str

    def sets(self) -> Mapping[str, Row]:
        return {f"load.book:{self.number}": {"content": self.content}}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileSet(Fact):
    """What somebody can (codes of skills) and how many minutes they work in a week; None: as their calendar says."""

    person: UUID
    weekly: int | None
    skills: tuple[str, ...] = ()

    def sets(self) -> Mapping[str, Row]:
        return {f"load.profile:{self.person}": {"weekly": self.weekly, "skills": list(self.skills)}}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChosen(Fact):
    """The rules gave the record to this person. ``open`` of their own before, the least of ``among`` who fitted;
    ``skills`` are those the rule asked, in words; ``turn``: others carried no more, it was their turn.
    """

    incident: UUID
    rule: str
    person: str
    open: int
    among: int
    until: datetime | None = None
    skills: str = ""
    turn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NobodyFitted(Fact):
    """A rule was meant for the record, and none of ``asked`` people could be given it: how many for which reason."""

    incident: UUID
    rule: str
    asked: int
    no_right: int = 0
    not_let_in: int = 0
    away: int = 0
    no_skill: int = 0
    off_shift: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkHandedOver(Fact):
    """So many records of one person were given to another at once."""

    person: str
    count: int
