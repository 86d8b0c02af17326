"""Who changed a page's settings last, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from hikeshi.accounts import queries as accounts
from hikeshi.ledger import queries as ledger
from hikeshi.phrases import labels


@dataclass(frozen=True, slots=True)
class Change:
    who: str
    at: datetime


def by(ref: str, at: datetime) -> Change:
    """``ref`` as the ledger names actors; the desk's own loops by their name."""
    return Change(name_of(ref, accounts.names_of([ref])) or ref.partition(":")[2], at)


def name_of(ref: str, names: Mapping[str, str]) -> str:
    """Whoever did it: a person by ``names``, the desk's own loops by their word; empty for somebody who is unknown."""
    kind, _colon, name = ref.partition(":")
    return labels.label("desk", name) if kind == "system" else names.get(ref, "")


def of_subject(subject: str) -> Change | None:
    """As the ledger has it. For pages about that subject alone: whoever sees them may see this."""
    last = ledger.last_act(subject)
    return by(*last) if last is not None else None
