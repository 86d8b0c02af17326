"""Accepted bodies become alerts: parse, normalise, fold, judge, write. The engine's way in.

Thinking happens before the transaction (`preparing`), so the write lock is held for writing only (`actions.digest`).
"""

from collections.abc import Callable, Sequence

from hikeshi.intake import marking, repeats
from hikeshi.intake.actions import digest as writing
from hikeshi.intake.actions import rows
from hikeshi.intake.actions.digest import NOTHING, DigestResult
from hikeshi.intake.enriching import enrich
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.preparing import Sighting, prepare
from hikeshi.intake.queries import ruling
from hikeshi.intake.queries.taking_up import take_up
from hikeshi.intake.rulebook import RuleBook


def digest(batch: Sequence[InboxItem]) -> DigestResult:
    """Works through accepted bodies. Receipts that are worked through already are passed over."""
    done = rows.consumed([item.receipt for item in batch])
    fresh = {item.receipt: item for item in batch if not done or item.receipt not in done}
    take_up()
    book = ruling.book()  # compiled here where it changed, not while the database waits
    if not fresh:
        return NOTHING
    prepared = prepare(list(fresh.values()))
    enrich(prepared, _described_under(book))
    return writing.write(prepared, book)


def _described_under(book: RuleBook) -> Callable[[Sighting], bool]:
    """Of what the row says already nobody asks more, unless a correlation looks at more than what it says."""
    if book.signals_ask_more:
        return lambda sighting: False

    def described(sighting: Sighting) -> bool:
        said = sighting.said
        return said != "" and repeats.described(sighting.fingerprint) == said and marking.heard(sighting, book)

    return described
