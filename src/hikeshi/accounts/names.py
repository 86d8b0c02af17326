"""How a user name is written down, so that two spellings of one name are one person."""

import unicodedata


def normalise(username: str) -> str:
    """Full-width, half-width and upper-case spellings meet: ``Ｙａｍａｄａ`` signs in as ``yamada``."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold()).strip()
