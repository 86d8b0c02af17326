"""What files that are brought have in common, of people here and of other things in packages above: kept for their
preview, carried out once, a long one step by step, and forgotten.
"""

import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic
from typing import Final, TypeVar

from hikeshi.accounts import names, queries
from hikeshi.accounts.models import BroughtFile, ImportState, Organisation
from hikeshi.documents import tables
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, Refusal
from hikeshi.ledger.acts import unit

File = TypeVar("File", bound=BroughtFile)
AT_ONCE: Final = 500
"""Rows carried out in the act itself; a longer file goes on in the engine."""
STEP: Final = 200
"""Rows of one such step at most: other writers of SQLite wait while it writes."""
FIRST_STEP: Final = 25
LEAST: Final = 10
LONGEST: Final = 0.25
"""Seconds one step is meant to take. How many rows that is is found out as it goes, for each pass over the file."""
KEPT: Final = timedelta(days=1)
OUTCOME: Final = ("state", "error", "error_line", "done_at", "body", "place", "added", "changed")


def keep(kind: type[File], *, by: Actor, place: Organisation, file_name: str, body: bytes, table: tables.Table) -> File:
    """Raises Invalid for a name that cannot be kept."""
    return kind._default_manager.create(
        organisation=place,
        person=queries.myself(by),
        file_name=names.title(file_name[-names.LONGEST_NAME :] or "-", "file"),
        digest=table.digest,
        body=zlib.compress(body),
        rows=len(table.rows),
        created_at=clock.now(),
    )


def claim(file: BroughtFile) -> bool:
    """Whether it is this act that carries it out: whoever asks again finds it under way or done."""
    rows = type(file)._default_manager.filter(pk=file.pk, state=ImportState.PREPARED)
    claimed = bool(rows.update(state=ImportState.GOING))
    file.refresh_from_db()
    return claimed


def take_step(kind: type[File], *, by: Actor, verb: str, step: Callable[[Actor, File], None]) -> bool:
    """One step of the oldest file under way, with the rights its bringer has by now; whether there may be more. A step
    that is refused leaves nothing behind and ends the import.
    """
    rows = kind._default_manager.select_for_update(of=("self",)).select_related("organisation", "person").defer("body")
    file = rows.filter(state=ImportState.GOING).order_by("created_at", "pk").first()
    if file is None:
        return False
    actor = queries.actor_of(file.person) if file.person else by
    try:
        with unit():
            actor.must(verb, file.organisation_id)
            step(actor, file)
    except Refusal as refusal:
        file.refresh_from_db(fields=["place", "added", "changed"])
        fail(file, refusal.reason if isinstance(refusal, Invalid) else refusal.code, 0)
    return True


@contextmanager
def paced(file: BroughtFile, going: int, most: int) -> Iterator[int]:
    """How many rows this step of the pass ``going`` takes; how long it took settles the next."""
    key = (type(file).__name__, file.pk, going)
    rows, began = min(most, _paces.get(key, FIRST_STEP)), monotonic()
    yield rows
    if len(_paces) > MOST_PACES:
        _paces.clear()
    _paces[key] = min(max(int(rows * LONGEST / max(monotonic() - began, 0.001)), LEAST), 2 * rows)


_paces: dict[tuple[str, int, int], int] = {}
MOST_PACES: Final = 100


def fail(file: BroughtFile, error: str, line: int) -> None:
    file.state, file.error, file.error_line = ImportState.FAILED, error, line
    _close(file)


def finish(file: BroughtFile, *more: str) -> None:
    """``more``: columns of its own that were set."""
    file.state = ImportState.DONE
    _close(file, *more)


def _close(file: BroughtFile, *more: str) -> None:
    file.done_at, file.body = clock.now(), b""
    file.save(update_fields=[*OUTCOME, *more])


def is_going(kind: type[File]) -> bool:
    return kind._default_manager.filter(state=ImportState.GOING).exists()


def over(kind: type[File], now: datetime, most: int) -> Sequence[int]:
    """Files nobody carried out, and the traces of those that were, a day later."""
    rows = kind._default_manager.filter(created_at__lt=now - KEPT).exclude(state=ImportState.GOING)
    return list(rows.values_list("pk", flat=True)[:most])
