"""What was done with the forms of a site. Their words are the site's own; the ledger commits to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from hikeshi.forms.definitions import Use
from hikeshi.kernel.facts import Commitment, Fact, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWritten(Fact):
    """A version was saved; nobody is shown it before it is offered. ``text``: the version's row."""

    form: UUID
    number: int
    use: Use
    text: UUID
    content: Commitment

    def sets(self) -> Mapping[str, Row]:
        version: Row = {"form": str(self.form), "number": self.number, "content": self.content.digest}
        return {f"forms.form:{self.form}": {"newest": self.number}, f"forms.version:{self.text}": version}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormOffered(Fact):
    """From now on people are shown this version."""

    form: UUID
    number: int
    use: Use

    def sets(self) -> Mapping[str, Row]:
        return {f"forms.form:{self.form}": {"offered": self.number}}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWithdrawn(Fact):
    """Nobody is shown it any more; what was begun before may still be sent."""

    form: UUID
    use: Use

    def sets(self) -> Mapping[str, Row]:
        return {f"forms.form:{self.form}": {"offered": None}}
