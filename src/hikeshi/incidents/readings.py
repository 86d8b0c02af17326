"""The phases as others name them: which words there are, what each stands for, which label group speaks them."""

from typing import Final

from hikeshi.incidents import names
from hikeshi.kernel.refusals import Invalid

OWN: Final = "own"
"""The desk's own phases; also what an empty or forgotten choice means."""


def settled(*chosen: str) -> str:
    """The first choice that names a reading: the person's, then the site's; else the desk's own words."""
    known = (OWN, *names.in_use().readings)
    return next((code for code in chosen if code in known), OWN)


def group(reading: str) -> str:
    """The label group in which a phase has its word."""
    return f"phase_in_{reading}" if reading in names.in_use().readings else "phase"


def word_group(reading: str) -> str:
    """The label group of the words themselves."""
    return f"reading_{reading}" if reading in names.in_use().readings else "phase"


def offered(reading: str) -> tuple[str, ...]:
    """Codes of the words that stand for a phase, in the order of the framework."""
    found = names.in_use().readings.get(reading)
    if found is None:
        return tuple(names.in_use().courses.phases)
    used = set(found.phases.values())
    return tuple(word for word in found.words if word in used)


def phases(reading: str, word: str) -> tuple[str, ...]:
    """What the word stands for. Raises Invalid for a reading or a word that does not exist."""
    known = names.in_use()
    if reading in {"", OWN}:
        if word not in known.courses.phases:
            raise Invalid("phase", "not_a_choice", choices=", ".join(known.courses.phases))
        return (word,)
    if reading not in known.readings:
        raise Invalid("reading", "not_a_choice", choices=", ".join((OWN, *known.readings)))
    if word not in known.readings[reading].words:
        raise Invalid("phase", "not_a_choice", choices=", ".join(offered(reading)))
    return tuple(code for code, named in known.readings[reading].phases.items() if named == word)
