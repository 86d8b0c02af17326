"""The engine's part: the index follows the ledger, a short step at a time.

What a step has read it may read again after a crash: writing the same words twice changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import Final
from uuid import UUID

from hikeshi.accounts.models import Person
from hikeshi.finding.kinds.all import KINDS
from hikeshi.finding.kinds.findable import Findable
from hikeshi.intake.models import Alert
from hikeshi.ledger import tail
from hikeshi.search import actions as index
from hikeshi.search.actions.writing import READING
from hikeshi.search.models import Document, Progress

ENTRIES: Final = 500
STEP: Final = 200
MANY: Final = 2_000
ALERTS: Final = "alert"
DIGESTED: Final = "intake:digest"
LATE: Final = 2_000
"""Numbers of alerts looked at again: where several digesters write, a lower number may be seen after a higher one."""


@cache
def reading() -> str:
    """How texts are read now: by which rules and which dictionary."""
    return f"{READING}/{version('sudachidict-small')}"


def begin_anew() -> None:
    """Empties the index; the next steps build it."""
    index.empty()
    Progress.objects.update_or_create(
        pk=1,
        defaults={
            "entry": tail.head(),
            "reading": reading(),
            "building": next(iter(KINDS)),
            "place": 0,
            "rows": {ALERTS: 0},
        },
    )


def follow(now: datetime) -> bool:
    """One step. Whether there is more to do at once."""
    progress = Progress.objects.filter(pk=1).first()
    if progress is None or progress.reading != reading():
        begin_anew()
        return True
    if progress.building:
        _build(progress)
        return True
    more = _hear(progress)
    if progress.rows.get("waiting"):
        _take_alerts(progress)
    if progress.rows.get("sweep") is not None:
        _sweep(progress)
    return more


def _build(progress: Progress) -> None:
    kind = KINDS[progress.building]
    found = list(kind.rows().filter(pk__gt=progress.place).order_by("pk").values_list("pk", "uuid")[:STEP])
    if found:
        index.put(kind.kind, kind.texts([uuid for _, uuid in found]))
        progress.place = found[-1][0]
        if kind.kind == ALERTS:
            progress.rows = {**progress.rows, ALERTS: progress.place}
    else:
        codes = [*KINDS, ""]
        progress.building, progress.place = codes[codes.index(kind.kind) + 1], 0
    progress.save(update_fields=["building", "place", "rows"])


def _hear(progress: Progress) -> bool:
    """What was recorded since: whatever a fact speaks of is read anew."""
    changes = tail.since(progress.entry, limit=ENTRIES)
    if not changes:
        return False
    touched: dict[str, set[UUID]] = defaultdict(set)
    told = {subject for change in changes for subject in change.touched[:1]}
    for subject in told:
        name, _, uuid = subject.partition(":")
        if name in KINDS and _is_uuid(uuid):
            touched[name].add(UUID(uuid))
    touched["person"] |= _belonging(told)
    for code, uuids in touched.items():
        _refresh(KINDS[code], sorted(uuids))
    progress.entry = changes[-1].number
    progress.rows = {**progress.rows, **_noticed(told)}
    progress.save(update_fields=["entry", "rows"])
    return len(changes) == ENTRIES


def _noticed(told: Iterable[str]) -> dict[str, bool | int]:
    noticed: dict[str, bool | int] = {}
    if DIGESTED in told:
        noticed["waiting"] = True
    if any(subject.startswith("retention:") for subject in told):
        noticed["sweep"] = 0
    return noticed


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _belonging(told: Iterable[str]) -> set[UUID]:
    """People of organisations of which something was said: their name, or a list of people that was brought in."""
    places = [uuid for name, _, uuid in (one.partition(":") for one in told) if name == "organisation"]
    wanted = Person.objects.filter(organisation__uuid__in=[one for one in places if _is_uuid(one)])
    return set(wanted.values_list("uuid", flat=True)[:MANY]) if places else set()


def _refresh(kind: Findable, uuids: list[UUID]) -> None:
    """What is gone is forgotten."""
    for begin in range(0, len(uuids), STEP):
        some = uuids[begin : begin + STEP]
        texts = kind.texts(some)
        index.put(kind.kind, texts)
        index.forget(kind.kind, set(some) - {one.uuid for one in texts})


def _take_alerts(progress: Progress) -> None:
    """New alerts, of which the ledger says only that there are some: a thousand a second at most, for the digest goes
    before.
    """
    last = int(progress.rows.get(ALERTS, 0))
    rows = Alert.objects.filter(pk__gt=last - LATE).order_by("pk").values_list("pk", "uuid")[: LATE + 5 * STEP]
    found = list(rows)
    written = Document.objects.filter(kind=ALERTS, uuid__in=[uuid for _, uuid in found])
    known = set(written.values_list("uuid", flat=True))
    new = [uuid for _, uuid in found if uuid not in known]
    _refresh(KINDS[ALERTS], new)
    progress.rows = {**progress.rows, ALERTS: found[-1][0] if found else last, "waiting": len(found) == LATE + 5 * STEP}
    progress.save(update_fields=["rows"])


def _sweep(progress: Progress) -> None:
    """After something was purged: words of what is no longer there go too."""
    place = int(progress.rows["sweep"])
    rows = list(Document.objects.filter(pk__gt=place).order_by("pk").values_list("pk", "kind", "uuid")[:MANY])
    for code, kind in KINDS.items():
        uuids = {uuid for _, found, uuid in rows if found == code}
        there = set(kind.rows().filter(uuid__in=uuids).values_list("uuid", flat=True)) if uuids else set()
        index.forget(code, uuids - there)
    progress.rows = {**progress.rows, "sweep": rows[-1][0] if rows else None}
    progress.save(update_fields=["rows"])
