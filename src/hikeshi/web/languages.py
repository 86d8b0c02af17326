"""The languages this site offers, each under its own name."""

from django.conf import settings

from hikeshi.accounts import queries as accounts


def offered() -> list[tuple[str, str]]:
    chosen = accounts.site().languages
    return [(code, str(name)) for code, name in settings.LANGUAGES if code in chosen]
