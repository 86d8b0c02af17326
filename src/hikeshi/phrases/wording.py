"""How the sentence of a fact is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Sentence:
    """``message`` is the English message with named placeholders; ``labels`` says which fields hold codes, and of what
    group; ``otherwise`` is said instead where one of the placeholders has nothing to say. ``without``: what is said
    where just these have nothing to say, by their names in order, a blank between.
    """

    message: str
    labels: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    without: Mapping[str, str] = field(default_factory=dict)


def noted(message: str) -> str:
    """Marks a message for the catalogue, to be translated when it is said. Django's own asks for settings, and the
    command line reads these words before there are any.
    """
    return message
