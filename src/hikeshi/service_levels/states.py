"""How targets and clocks look to ``hikeshi verify --state``. Clocks are looked at twice: as their rows stand, and as
they come out when they are worked out again from the ledger.
"""

from collections.abc import Iterator

from hikeshi.kernel.facts import JSON
from hikeshi.ledger import states
from hikeshi.service_levels import book, hours
from hikeshi.service_levels.facts import stamp
from hikeshi.service_levels.models import BookVersion, Clock, Hours, Track
from hikeshi.service_levels.queries.history import reckoned, told_of
from hikeshi.service_levels.reckoning import Clock as Reckoned

CHUNK = 200
Rows = Iterator[tuple[str, states.Columns]]


def _books() -> Rows:
    for row in BookVersion.objects.order_by("number"):
        yield str(row.number), {"content": book.digest(row.content)}


def _hours() -> Rows:
    for row in Hours.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield row.digest, {"content": hours.digest(row.content)}


def _tracks() -> Rows:
    for row in Track.objects.order_by("pk").iterator(chunk_size=CHUNK):
        yield str(row.incident), {"upto": row.upto}


def _clocks() -> Rows:
    for row in Clock.objects.order_by("pk").iterator(chunk_size=CHUNK):
        plain: dict[str, JSON] = {name: getattr(row, name) for name in ("target", "minutes", "hours", "state", "left")}
        times: dict[str, JSON] = {name: stamp(getattr(row, name)) for name in ("started_at", "due_at", "stopped_at")}
        yield f"{row.incident}/{row.measure}/{row.round}", {**plain, **times, "because": row.because}


def _reckoned() -> Rows:
    """Of every record that has clocks, from what the ledger says of it and nothing else."""
    last = 0
    while tracks := list(Track.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        told = told_of([one.incident for one in tracks])
        for track in tracks:
            for clock in reckoned(told[track.incident], track.upto):
                yield f"{track.incident}/{clock.measure}/{clock.round}", _columns(clock)
        last = tracks[-1].pk


def _columns(clock: Reckoned) -> states.Columns:
    times: dict[str, JSON] = {name: stamp(getattr(clock, name)) for name in ("started_at", "due_at", "stopped_at")}
    terms: dict[str, JSON] = {name: getattr(clock.terms, name) for name in ("target", "minutes", "hours")}
    return {**terms, **times, "state": clock.state, "because": clock.because, "left": clock.left}


states.register("service_levels.book", _books)
states.register("service_levels.hours", _hours)
states.register("service_levels.track", _tracks)
states.register("service_levels.clock", _clocks)
states.register("service_levels.reckoned", _reckoned)
