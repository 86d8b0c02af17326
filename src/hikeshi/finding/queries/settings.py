"""The groups in force, and those before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from hikeshi.accounts import queries as accounts
from hikeshi.finding import synonyms
from hikeshi.finding.models import SynonymsVersion
from hikeshi.finding.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound


@dataclass(frozen=True, slots=True)
class InForce:
    """``number`` 0: as shipped."""

    number: int
    content: str
    who: str = ""
    at: datetime | None = None

    @property
    def groups(self) -> list[list[str]]:
        return synonyms.groups_of(self.content)


def may_configure(by: Actor) -> bool:
    return by.may(Verb.CONFIGURE, accounts.root().pk)


def in_force() -> InForce:
    row = SynonymsVersion.objects.order_by("-number").first()
    return InForce(0, synonyms.shipped()) if row is None else InForce(row.number, row.content, row.made_by, row.at)


def versions(by: Actor) -> Sequence[InForce]:
    """Newest first, what is shipped last. Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    rows = list(SynonymsVersion.objects.order_by("-number")[:200])
    names = accounts.names_of({row.made_by for row in rows})
    made = [InForce(row.number, row.content, names.get(row.made_by, ""), row.at) for row in rows]
    return [*made, InForce(0, synonyms.shipped())]


def version(number: int) -> InForce:
    """Raises NotFound."""
    row = SynonymsVersion.objects.filter(number=number).first()
    if row is None and number:
        raise NotFound("version")
    return InForce(row.number, row.content, row.made_by, row.at) if row else InForce(0, synonyms.shipped())
