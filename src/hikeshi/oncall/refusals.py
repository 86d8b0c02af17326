from collections.abc import Mapping
from datetime import datetime

from hikeshi.kernel.refusals import Refusal


class AnsweredAlready(Refusal):
    """Somebody was first; ``name`` has it since ``at``."""

    code = "answered_already"

    def __init__(self, *, person: str, name: str, at: datetime) -> None:
        super().__init__(person)
        self.person = person
        self.name = name
        self.at = at

    @property
    def fields(self) -> Mapping[str, str]:
        return {"name": self.name, "at": self.at.isoformat(timespec="minutes")}
