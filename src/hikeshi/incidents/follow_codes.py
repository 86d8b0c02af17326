"""The code with which somebody follows a report: read aloud on the telephone, typed with cold fingers. Pure.

19 letters of 31 carry 94 bits; the 20th checks them: 31 is prime and every place has another weight, so one wrong
letter, or two that changed places, is always noticed. No 0, 1, I, L or O.
"""

import unicodedata
from typing import Final

LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH: Final = 20
GROUP: Final = 4
ALFA: Final = {
    "A": "Alfa", "B": "Bravo", "C": "Charlie", "D": "Delta", "E": "Echo", "F": "Foxtrot", "G": "Golf", "H": "Hotel",
    "J": "Juliett", "K": "Kilo", "M": "Mike", "N": "November", "P": "Papa", "Q": "Quebec", "R": "Romeo", "S": "Sierra",
    "T": "Tango", "U": "Uniform", "V": "Victor", "W": "Whiskey", "X": "X-ray", "Y": "Yankee", "Z": "Zulu",
}  # fmt: skip
"""The spelling alphabet of ICAO, the same in every language."""


def made(seed: bytes) -> str:
    """The code that belongs to a secret seed of at least 16 bytes; the same seed gives the same code."""
    number = int.from_bytes(seed)
    drawn = []
    for _ in range(LENGTH - 1):
        number, place = divmod(number, len(LETTERS))
        drawn.append(place)
    return grouped("".join(LETTERS[place] for place in (*drawn, _check(drawn))))


def _check(places: list[int]) -> int:
    return sum(weight * place for weight, place in enumerate(places, start=1)) % len(LETTERS)


def tidy(text: str) -> str:
    """The code as people type or paste it: any case, full-width letters, blanks and hyphens. Empty if it is none."""
    plain = [letter for letter in unicodedata.normalize("NFKC", text[:200]).upper() if letter.isalnum()]
    if len(plain) != LENGTH or not set(plain) <= set(LETTERS):
        return ""
    places = [LETTERS.index(letter) for letter in plain]
    return grouped("".join(plain)) if _check(places[:-1]) == places[-1] else ""


def grouped(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, LENGTH, GROUP))


def spelt(code: str) -> list[str]:
    """Each group for reading aloud: ``Alfa Kilo 7 Tango``."""
    return [" ".join(ALFA.get(letter, letter) for letter in group) for group in code.split("-")]
