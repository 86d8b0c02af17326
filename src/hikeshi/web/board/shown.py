"""The board as its page shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from hikeshi.incidents import readings
from hikeshi.incidents.permissions import Verb
from hikeshi.lists import queries
from hikeshi.lists.codes import Board
from hikeshi.lists.conditions import Condition as Part
from hikeshi.lists.conditions import Conditions, checked
from hikeshi.lists.fields import Field, Op
from hikeshi.load import queries as load
from hikeshi.phrases import labels
from hikeshi.service_levels import queries as service_levels
from hikeshi.web import readings as chosen
from hikeshi.web.access import SignedIn
from hikeshi.web.board.forms import Filters
from hikeshi.web.filters import answers, listing, words

NOBODY: Final = "none"


@dataclass(frozen=True, slots=True)
class Shown:
    """``to``: what a card comes to that is put here; empty where nothing can be put. ``rest``: the list of them."""

    column: queries.Column
    word: str
    to: str
    rest: str
    most: int | None = None

    @property
    def past(self) -> bool:
        return self.most is not None and self.column.many > self.most


@dataclass(frozen=True, slots=True)
class Asking:
    """What the page was asked, for the columns of any kind."""

    request: SignedIn
    filters: Filters
    asked: listing.Asked
    reading: str

    def rest(self, part: Part | None = None, **said: str) -> str:
        """The list of a whole column: what the board is narrowed by, and what the column means beside it."""
        kept = {name: str(self.filters.data[name]) for name in _KEPT if self.filters.data.get(name)}
        meant = self.asked.meant
        if part is not None:
            meant = Conditions(tuple((*one, part) for one in meant.alternatives or ((),)))
        whole = {**kept, **({"filter": meant.text} if meant else {}), **said}
        return f"{reverse('web:incidents')}?{urlencode(whole)}"


_KEPT: Final = ("q", "kind", "record_class", "priority", "owner", "stuck", "asset", "under")


def board_page(request: SignedIn) -> dict[str, object]:
    """All that the page shows: so many queries for each column, whatever there is."""
    asked, reading = listing.asked_of(request), chosen.chosen(request)
    filters = Filters(listing.started(request.GET, asked), reading=reading)
    rows, trouble = listing.meant_by(request, filters, asked)
    asking = Asking(request, filters, asked, reading)
    others = 0
    if filters.board == Board.OWNER:
        found, others = queries.by_owner(request.actor, rows)
        columns = list(_owners(asking, found))
    elif filters.board == Board.STATUS:
        columns = list(_statuses(asking, queries.by_status(rows)))
    else:
        columns = list(_phases(asking, queries.by_phase(rows, _words(reading))))
    cards = [card for one in columns for card in one.column.cards]
    said = words.sentence(asked.meant, answers.named(request.actor, list(asked.meant)), readings.group(reading))
    return {
        "filters": filters,
        "kept": filters.query(),
        "columns": columns,
        "others": others,
        "any": bool(cards),
        "trouble": trouble,
        "said": said,
        "asked": asked,
        "shelf": list(listing.tabs_of(asked)),
        "chips": service_levels.chips(cards),
        "workable": request.actor.organisations(Verb.WORK),
        "may_work": request.actor.may(Verb.WORK),
        "may_limit": queries.may_limit(request.actor),
    }


def _words(reading: str) -> Sequence[tuple[str, tuple[str, ...]]]:
    return [(word, readings.phases(reading, word)) for word in readings.offered(reading)]


def _phases(asking: Asking, found: Sequence[queries.Column]) -> Iterator[Shown]:
    limits, spoken = queries.column_limits(), readings.word_group(asking.reading)
    codes: Mapping[str, tuple[str, ...]] = dict(_words(asking.reading))
    for one in found:
        word = labels.label(spoken, one.key) if one.key else _("Other phases")
        rest = asking.rest(phase=one.key, status="open") if one.key else asking.rest(status="open")
        yield Shown(one, word, one.key, rest, limits.of(codes.get(one.key, ())))


def _statuses(asking: Asking, found: Sequence[queries.Column]) -> Iterator[Shown]:
    for one in found:
        yield Shown(one, labels.label("status", one.key), one.key, asking.rest(status=one.key))


def _owners(asking: Asking, found: Sequence[queries.Column]) -> Iterator[Shown]:
    most = load.in_force().book.limits.most_open
    for one in found:
        name = one.owner.name if one.owner else _("Nobody")
        part = checked(Part(Field.OWNER, Op.IS, (one.key or NOBODY,)))
        limit = most if one.owner else None
        yield Shown(one, name, one.key or NOBODY, asking.rest(part, status="open"), limit)
