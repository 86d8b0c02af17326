"""What a command is given, and what it gives back."""

from dataclasses import dataclass
from uuid import UUID

from hikeshi.incidents import queries as incidents
from hikeshi.incidents import refs
from hikeshi.incidents.queries import Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.notify.links import address


@dataclass(frozen=True, slots=True)
class Asked:
    """``room``: the record whose room it was written in. ``overheard``: others read the answer. ``key`` is the same if
    the tool delivers it again. ``workspace`` and ``place``: where it was written;
    ``reads``: the tool gives a message to whoever names it.
    """

    by: Actor
    words: str
    key: str
    room: str = ""
    overheard: bool = False
    workspace: UUID | None = None
    place: str = ""
    reads: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """``lines`` are text, whatever signs stand in them; ``link`` is one of the desk's own."""

    lines: tuple[str, ...]
    link: str = ""


def addressed(asked: Asked) -> tuple[str, str]:
    """The record meant and the rest: the first word where it is a reference, else the room's own."""
    first, _, rest = asked.words.strip().partition(" ")
    head, _, tail = asked.words.strip().partition("\n")
    if refs.tidy(head.strip()):
        return refs.tidy(head.strip()), tail.strip()
    ref = refs.tidy(first.strip(",:\u3000"))
    return (ref, rest.strip()) if ref else (asked.room, asked.words.strip())


def record(asked: Asked, ref: str) -> Incident:
    """What others must not hear of is not there, where they would. Raises NotFound."""
    found = incidents.incident(asked.by, ref)
    if asked.overheard and found.restricted:
        raise NotFound("incident")
    return found


def of_record(ref: str) -> str:
    return address(f"/incidents/{ref}/")


def named(asked: Asked, found: Incident) -> str:
    """Reference and priority; the title only where nobody else reads it."""
    head = f"{found.ref} (P{found.priority})"
    return head if asked.overheard else f"{head} {found.title}"
