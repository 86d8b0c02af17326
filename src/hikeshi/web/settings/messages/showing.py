"""A message as a page shows it: whom it was for, about what, and each way it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor
from hikeshi.notify import queries
from hikeshi.notify.queries import Delivery, Outgoing, Try
from hikeshi.oncall.queries import runs


@dataclass(frozen=True, slots=True)
class Line:
    """``ref`` is the record's, where it is about one the reader sees."""

    row: Outgoing
    name: str
    ref: str

    @property
    def weight(self) -> str:
        """The badge's colour."""
        return {"failed": "burn", "answered": "over", "sent": "act", "waiting": "warn", "going": "warn"}.get(
            self.row.course, "plain"
        )


@dataclass(frozen=True, slots=True)
class Proved:
    delivery: Delivery
    tries: Sequence[Try]
    answers: Sequence[str]


def hidden(by: Actor) -> list[str]:
    """Subjects of messages that speak of restricted records the reader does not see, by whichever name."""
    records = incidents.hidden_subjects(by)
    return [*records, *runs.topics_of(records)]


def lines(by: Actor, rows: Sequence[Outgoing]) -> list[Line]:
    """Four queries, however many rows."""
    names = queries.names(row.to for row in rows)
    behind = runs.subjects_behind(row.subject for row in rows)
    subjects = [behind.get(row.subject, row.subject) for row in rows]
    about = [one.removeprefix("incident:") for one in subjects if one.startswith("incident:")]
    seen = incidents.visible(by).filter(uuid__in=[UUID(one) for one in about if _is_uuid(one)])
    refs = {f"incident:{uuid}": ref for uuid, ref in seen.values_list("uuid", "ref")} if about else {}
    return [Line(row, names.get(row.to, ""), refs.get(one, "")) for row, one in zip(rows, subjects, strict=True)]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def proved(row: Outgoing) -> list[Proved]:
    return [
        Proved(one, list(one.proof.all()), [each.choice for each in one.answers.all()]) for one in row.deliveries.all()
    ]
