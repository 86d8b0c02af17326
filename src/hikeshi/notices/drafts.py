"""What the desk tells people of an outage: in both languages, in words of its own. Pure."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import words

TITLE: Final = 200
TEXT: Final = 2_000
SERVICES: Final = 500
SLACK: Final = timedelta(minutes=5)
"""A clock that goes a little wrong does not make a beginning lie ahead."""
LONGEST: Final = timedelta(days=3_660)
LANGUAGES: Final = ("ja", "en")
NOT_FOR: Final = frozenset({"security", "light"})
"""Courses whose records are no outage: an attack is told of in another way, a request concerns one person."""


class Audience(StrEnum):
    """EVERYONE reaches strangers only where the site takes reports without an account."""

    SIGNED_IN = "signed_in"
    EVERYONE = "everyone"


class Ended(StrEnum):
    SAID = "said"
    CLOSED = "closed"
    MERGED = "merged"
    RESTRICTED = "restricted"


@dataclass(frozen=True, slots=True)
class News:
    """What is new, as it is read."""

    text_ja: str
    text_en: str


@dataclass(frozen=True, slots=True)
class OutageDraft:
    """``services``: what does not work, as people call it; empty in both languages or in none."""

    title_ja: str
    title_en: str
    text_ja: str
    text_en: str
    since: datetime
    services_ja: str = ""
    services_en: str = ""
    expected_end: datetime | None = None
    audience: Audience = Audience.SIGNED_IN


def checked(draft: OutageDraft, now: datetime) -> OutageDraft:
    """As it is kept. Raises Invalid at the first part that cannot be."""
    said = {name: both(draft, name, most) for name, most in (("title", TITLE), ("text", TEXT))}
    services = both(draft, "services", SERVICES, required=False)
    if draft.since > now + SLACK:
        raise Invalid("since", "begins_later")
    if draft.since < now - LONGEST:
        raise Invalid("since", "not_plausible")
    if draft.expected_end is not None and draft.expected_end <= now:
        raise Invalid("expected_end", "past")
    if draft.expected_end is not None and draft.expected_end > now + LONGEST:
        raise Invalid("expected_end", "not_plausible")
    flat = {f"{name}_{code}": text for name, pair in {**said, "services": services}.items() for code, text in pair}
    return OutageDraft(**flat, since=draft.since, expected_end=draft.expected_end, audience=Audience(draft.audience))


def checked_news(news: News) -> News:
    """Raises Invalid."""
    return News(*(text for _code, text in both(news, "text", TEXT)))


def both(of: object, name: str, most: int, *, required: bool = True) -> tuple[tuple[str, str], ...]:
    """In both languages; where it may be left out, in both or in none. Raises Invalid."""
    found = tuple(
        (code, words(getattr(of, f"{name}_{code}"), field=f"{name}_{code}", most=most, required=False))
        for code in LANGUAGES
    )
    if required or any(text for _code, text in found):
        for code, text in found:
            if not text:
                raise Invalid(f"{name}_{code}", "both_languages")
    return found


def content_of(parts: Mapping[str, str]) -> str:
    """What the ledger commits to."""
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def news_content(news: News) -> str:
    return content_of(asdict(news))
