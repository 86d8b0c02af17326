"""Who finds the words. A package above registers a writer for its purpose and the kind of its subject; it is asked
afresh at every sending, so that nobody is told what is no longer so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from hikeshi.accounts.ways import Recipient
from hikeshi.notify.messages import Purpose, Queued


class Form(StrEnum):
    FULL = "full"
    SHORT = "short"  # a text message: some 60 characters count
    SPOKEN = "spoken"


@dataclass(frozen=True, slots=True)
class Words:
    """``link`` is a path of the desk, or empty. ``choices``: codes of answers this one may be given, at most four."""

    title: str
    text: str
    link: str = ""
    choices: tuple[str, ...] = ()


Writer: TypeAlias = Callable[[Queued, Recipient, Form], Words | None]
_writers: dict[tuple[Purpose, str], Writer] = {}


def register(purpose: Purpose, writer: Writer, subject: str = "") -> None:
    """``subject``: the kind of subject it writes for (``incident`` of ``incident:<uuid>``); empty: every other.

    None from the writer means that the message is no longer wanted. It runs outside transactions, in the recipient's
    language and zone.
    """
    _writers[purpose, subject] = writer


def words(message: Queued, to: Recipient, form: Form) -> Words | None:
    """Raises LookupError where nobody has words for it."""
    kind = message.subject.partition(":")[0]
    writer = _writers.get((message.purpose, kind)) or _writers.get((message.purpose, ""))
    if writer is None:
        raise LookupError(f"{message.purpose} {kind}")
    return writer(message, to, form)
