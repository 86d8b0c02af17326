"""How an asset's figures and lines are put into words for its pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.assets import queries
from hikeshi.documents import tables
from hikeshi.kernel.facts import Fact, kind_of
from hikeshi.phrases import labels, sentences
from hikeshi.phrases.wording import listed


def span_cell(minutes: int | None) -> str:
    """As it may be typed again: ``90``, ``4h``, ``2d``."""
    if minutes is None:
        return ""
    if minutes and minutes % 1_440 == 0:
        return f"{minutes // 1_440}d"
    return f"{minutes // 60}h" if minutes and minutes % 60 == 0 else str(minutes)


def span_words(minutes: int | None) -> str:
    if minutes is None:
        return ""
    if minutes and minutes % 1_440 == 0:
        days = minutes // 1_440
        return _("1 day") if days == 1 else _("%(days)s days") % {"days": days}
    if minutes and minutes % 60 == 0:
        return _("%(hours)s h") % {"hours": minutes // 60}
    return _("%(minutes)s min") % {"minutes": minutes}


@dataclass(frozen=True, slots=True)
class Called:
    """One of the names machines call it by, and where its alerts are looked for."""

    word: str
    value: str
    alerts: str


def called(page: queries.Page) -> list[Called]:
    return [Called(labels.label("identifier", one.type), one.value, _search(one.value)) for one in page.identifiers]


def _search(value: str) -> str:
    return f"{reverse('web:alerts')}?{urlencode({'stand': 'all', 'q': value.casefold()})}"


@dataclass(frozen=True, slots=True)
class Happened:
    at: object
    who: str
    sentence: str
    fields: str


def history(page: queries.Page) -> list[Happened]:
    names = accounts.names_of(entry.actor for entry in page.history)
    return [
        Happened(
            entry.at,
            names.get(entry.actor) or labels.label("desk", entry.actor.partition(":")[2]),
            sentences.sentence(entry.fact, {}),
            _fields(_read(entry.fact, entry.body)),
        )
        for entry in page.history
    ]


def _read(name: str, body: str) -> Fact | None:
    kind = kind_of(name)
    return kind.read(body) if kind else None


def _fields(fact: Fact | None) -> str:
    changed: Iterable[str] = getattr(fact, "fields", ())
    return listed(field(name) for name in changed)


def becomes(one: tables.Planned[queries.Draft]) -> list[tuple[str, str]]:
    """Which fields a line of a file changes."""
    return [(field(name), "") for name in one.changed]


def field(name: str) -> str:
    return labels.label("asset_field", name)
