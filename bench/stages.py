"""Where the digest's processor time goes: microseconds of each stage per alert, of its own, without what it calls.

Used by `bench/digest.py --stages`. Functions are wrapped while it measures; what the wrapping costs is taken off. The
lower quartile of all batches counts, so that others on the machine do not. What a table does not name is in "the rest".
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from importlib import import_module

STAGES: Mapping[str, tuple[str, ...]] = {
    "claim and read the bodies": ("hikeshi.intake.inbox.claims:_claimed", "hikeshi.intake.inbox.claims:_taken"),
    "parse JSON, cut, count keys": ("hikeshi.intake.framing:elements",),
    "unwrap": ("hikeshi.intake.framing:alerts_of",),
    "which shape": ("hikeshi.intake.normalise:shaped",),
    "known already?": ("hikeshi.intake.repeats:_key", "hikeshi.intake.normalise:again"),
    "map to the normal form": ("hikeshi.intake.normalise:read",),
    "fingerprint": ("hikeshi.intake.repeats:fingerprint",),
    "prepare, the rest": ("hikeshi.intake.digesting:prepare",),
    "enrich": ("hikeshi.intake.digesting:enrich", "hikeshi.intake.actions.digest:complete"),
    "enrich: what earlier alerts named": ("hikeshi.intake.enriching:_say_seen",),
    "receipts": ("hikeshi.intake.actions.rows:consumed", "hikeshi.intake.actions.rows:consume"),
    "gather, fold, describe": tuple(
        f"hikeshi.intake.gathering:{name}" for name in ("by_fingerprint", "gather", "take_up", "describe")
    ),
    "correlate": ("hikeshi.intake.actions.correlating:together", "hikeshi.intake.actions.correlating:members"),
    "ask the rules": ("hikeshi.intake.gathering:weigh",),
    "judge": ("hikeshi.intake.gathering:judge",),
    "inhibitions, flapping": ("hikeshi.intake.actions.sides:look", "hikeshi.intake.actions.flaps:look"),
    "read rows": ("hikeshi.intake.actions.rows:held",),
    "write new rows": ("hikeshi.intake.actions.rows:insert",),
    "write rows again": ("hikeshi.intake.actions.rows:update", "hikeshi.intake.actions.rows:fold"),
    "keep bodies": ("hikeshi.intake.actions.digest:_keep_bodies",),
    "count what they name": ("hikeshi.intake.actions.seeing:count",),
    "count hits, sources": ("hikeshi.intake.actions.digest:count_hits", "hikeshi.intake.actions.digest:_count"),
    "announce": ("hikeshi.intake.actions.digest:announce",),
    "ledger": ("hikeshi.ledger.acts:_tell",),
    "commit": ("django.db.backends.base.base:BaseDatabaseWrapper._commit",),
    "the rest": ("hikeshi.engine.digest:Digest.step",),
}
QUARTER = 4


class Stages:
    def __init__(self) -> None:
        self._spent: dict[str, float] = {}
        self._inner: list[float] = []
        self._batches: list[dict[str, float]] = []
        self._cost = self._cost_of_wrapping()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While this lasts, what is digested is measured."""
        held = []
        for label, names in STAGES.items():
            for name in names:
                owner, last = _place(name)
                before = getattr(owner, last)
                held.append((owner, last, before))
                setattr(owner, last, self._timed(label, before, batch=name.endswith(":Digest.step")))
        try:
            yield
        finally:
            for owner, last, before in reversed(held):
                setattr(owner, last, before)

    def table(self, batch: int) -> dict[str, float]:
        """Microseconds per alert of full batches of that size, by stage."""
        found: dict[str, float] = {}
        for label in STAGES:
            spent = sorted(each.get(label, 0.0) for each in self._batches)
            found[label] = spent[len(spent) // QUARTER] / batch * 1e6 if spent else 0.0
        self._batches.clear()
        return found

    def _timed(self, label: str, call: Callable[..., object], *, batch: bool = False) -> Callable[..., object]:
        @wraps(call)
        def timed(*args: object, **kwargs: object) -> object:
            self._inner.append(0.0)
            began = time.thread_time()
            try:
                return call(*args, **kwargs)
            finally:
                whole = time.thread_time() - began
                self._spent[label] = self._spent.get(label, 0.0) + whole - self._inner.pop()
                if self._inner:
                    self._inner[-1] += whole + self._cost
                if batch:
                    self._end()

        return timed

    def _end(self) -> None:
        """A step in which nothing was digested is none."""
        if "keep bodies" in self._spent:
            self._batches.append(dict(self._spent))
        self._spent.clear()

    def _cost_of_wrapping(self) -> float:
        """Of one call, which whoever calls would seem to have spent."""
        self._cost = 0.0
        nothing, many = self._timed("", lambda: None), 20_000
        self._inner.append(0.0)
        began = time.thread_time()
        for _ in range(many):
            nothing()
        spent = time.thread_time() - began
        inside = self._inner.pop()
        self._spent.clear()
        return (spent - inside) / many


def _place(name: str) -> tuple[object, str]:
    module, _, path = name.partition(":")
    owner: object = import_module(module)
    *above, last = path.split(".")
    for each in above:
        owner = getattr(owner, each)
    return owner, last
