"""Where pages are, remembered: working one out from its name costs more than the rest of its row."""

from functools import lru_cache
from uuid import UUID

from django.urls import get_script_prefix, get_urlconf, reverse

_PLAIN = (str, int, UUID)  # their text is all that Django makes of them


def address(name: str, *parts: object, app: str | None = None) -> str:
    """As ``reverse``. Raises NoReverseMatch."""
    urls = get_urlconf()
    if not all(isinstance(one, _PLAIN) for one in parts):
        return reverse(name, urls, args=parts, current_app=app)
    return _address(name, tuple(map(str, parts)), app, urls, get_script_prefix())


@lru_cache(maxsize=8_192)
def _address(name: str, parts: tuple[str, ...], app: str | None, urls: str | None, prefix: str) -> str:
    """``prefix`` is not handed on: Django asks for it again, and its answer rests on it."""
    return reverse(name, urls, args=parts, current_app=app)
