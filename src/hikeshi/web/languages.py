"""The languages this site offers, each under its own name."""

from collections.abc import Container

from django.conf import settings

from hikeshi.accounts import queries as accounts


def offered() -> list[tuple[str, str]]:
    return named(accounts.site().languages)


def named(chosen: Container[str]) -> list[tuple[str, str]]:
    """Those of ``chosen``, for whoever has the site at hand already."""
    return [(code, str(name)) for code, name in settings.LANGUAGES if code in chosen]
