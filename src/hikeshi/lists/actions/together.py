"""Many records in one go: each is changed by the verb that would change it alone, in a transaction of its own, so that
one that is refused holds up no other and nobody waits for two hundred.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NoReturn
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries as records
from hikeshi.incidents.matrix import STANDING
from hikeshi.incidents.models import Incident
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound, Refusal
from hikeshi.ledger.acts import action, record, unit
from hikeshi.lists import facts, together
from hikeshi.lists.models import Batch, BatchItem
from hikeshi.lists.together import Deed, Wish

KEPT = "changed_since"
GIVEN_BACK = "given_back"
NOT_LOOKED: Final[Mapping[str, int]] = MappingProxyType({})
_CHANGES: Final[Mapping[Deed, tuple[str, ...]]] = {
    Deed.OWNER: ("owner",),
    Deed.PRIORITY: ("impact", "effect", "urgency", "priority"),
    Deed.NOTE: (),
}


class _Only(Exception):
    """Ends a trial: what was tried is undone."""


def _undo() -> NoReturn:
    raise _Only


@dataclass(frozen=True, slots=True)
class Trial:
    """What a record would come to. ``refusal``: why it would not; ``same``: it is so already."""

    record: Incident
    refusal: Refusal | None = None
    same: bool = False


def try_together(*, by: Actor, refs: Sequence[str], wish: Wish) -> list[Trial]:
    """What ``change_together`` would do: each is really done and undone. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.WORK)
    found = []
    for ref in together.wanted(list(refs)):
        row = records.incident(by, ref)
        was, refusal = _stands(row), None
        now = was
        try:
            with unit():
                now = _stands(_carry_out(by, ref, wish))
                _undo()
        except _Only:
            pass
        except Refusal as said:
            refusal = said
        found.append(Trial(row, refusal, refusal is None and wish.deed != Deed.NOTE and now == was))
    return found


def change_together(*, by: Actor, refs: Sequence[str], wish: Wish, seen: Mapping[str, int] = NOT_LOOKED) -> Batch:
    """``seen``: the version of each record that was looked at; one that somebody changed since in what is to be changed
    is left as it is. Raises NotAllowed, NotFound, Invalid before anything is changed; what a record refuses stands
    beside it.
    """
    by.must(Verb.WORK)
    wanted = together.wanted(list(refs))
    for ref in wanted:
        records.incident(by, ref)
    batch = begin_batch(by=by, wish=wish, count=len(wanted))
    for ref in wanted:
        try:
            change_one(by=by, batch=batch.uuid, ref=ref, wish=wish, seen=seen.get(ref))
        except Refusal as refusal:
            why = refusal.reason if isinstance(refusal, Invalid) else refusal.code
            note_refused(by=by, batch=batch.uuid, ref=ref, why=why)
    return batch


def undo_together(*, by: Actor, batch: UUID, reason: str = "") -> Batch:
    """Gives back each, where nobody has gone on since. Raises NotAllowed, NotFound, Invalid."""
    row = end_batch(by=by, batch=batch)
    for ref in row.items.filter(refused="").values_list("incident__ref", flat=True):
        try:
            give_back(by=by, batch=batch, ref=ref, reason=reason)
        except Refusal as refusal:
            note_kept(by=by, batch=batch, ref=ref, why=refusal.code)
    return row


@action
def begin_batch(*, by: Actor, wish: Wish, count: int) -> Batch:
    """Raises NotAllowed."""
    by.must(Verb.WORK)
    mine = accounts.myself(by)
    if mine is None:
        raise NotAllowed(Verb.WORK)

    row = Batch.objects.create(person=mine, deed=wish.deed, wish=wish.kept, at=clock.now())
    fact = facts.BatchBegun(batch=row.uuid, deed=wish.deed, count=count)
    record(fact, subject=f"batch:{row.uuid}", by=by)
    return row


@action
def change_one(*, by: Actor, batch: UUID, ref: str, wish: Wish, seen: int | None = None) -> BatchItem:
    """Raises NotAllowed, NotFound, Invalid, and what the verb of the record refuses."""
    row = _own(by, batch)
    done = row.items.filter(incident__ref=ref).first()
    if done is not None:
        return done
    now = _held(by, ref)
    if seen is not None and _moved(now, wish.deed, seen):
        raise Invalid("refs", KEPT)
    before = _stands(now)
    changed = _carry_out(by, ref, wish)
    return BatchItem.objects.create(batch=row, incident=changed, before=before, version=changed.version)


@action
def note_refused(*, by: Actor, batch: UUID, ref: str, why: str) -> BatchItem:
    """Raises NotAllowed, NotFound."""
    row = _own(by, batch)
    said = {"refused": why[:40]}
    return row.items.get_or_create(incident=records.incident(by, ref), defaults=said)[0]


@action
def end_batch(*, by: Actor, batch: UUID) -> Batch:
    """From now on it is being undone. Raises NotAllowed, NotFound, Invalid."""
    row = _own(by, batch)
    if row.deed == Deed.NOTE:
        raise Invalid("batch", "notes_stay")
    if row.undone_at is not None:
        raise Invalid("batch", "undone_already")

    row.undone_at = clock.now()
    row.save(update_fields=["undone_at"])
    record(facts.BatchUndone(batch=row.uuid, deed=Deed(row.deed)), subject=f"batch:{row.uuid}", by=by)
    return row


@action
def give_back(*, by: Actor, batch: UUID, ref: str, reason: str = "") -> BatchItem:
    """Raises NotAllowed, NotFound, and what the verb of the record refuses."""
    row = _own(by, batch)
    found = row.items.select_related("incident").filter(incident__ref=ref, refused="").first()
    if found is None or row.undone_at is None:
        raise NotFound("incident")
    now = records.incident(by, ref)
    if _moved(now, Deed(row.deed), found.version):
        found.given_back = KEPT
    else:
        _restore(by, now, Deed(row.deed), found.before, reason)
        found.given_back = GIVEN_BACK
    found.save(update_fields=["given_back"])
    return found


@action
def note_kept(*, by: Actor, batch: UUID, ref: str, why: str) -> None:
    """Raises NotAllowed, NotFound."""
    if not _own(by, batch).items.filter(incident__ref=ref).update(given_back=why[:40]):
        raise NotFound("incident")


def _own(by: Actor, batch: UUID) -> Batch:
    """Held until the act is over: what somebody else changed is theirs to take back."""
    by.must(Verb.WORK)
    row = Batch.objects.select_for_update().filter(uuid=batch, person_id=by.person_id or 0).first()
    if row is None:
        raise NotFound("batch")
    return row


def _held(by: Actor, ref: str) -> Incident:
    """Locked until the act is over: what it had is what it gets back. Raises NotFound."""
    rows = records.visible(by).select_for_update(of=("self",)).select_related("owner")
    return rows.get(pk=records.incident(by, ref).pk)


def _moved(row: Incident, deed: Deed, since: int) -> bool:
    """Whether somebody changed since this version what the deed changes."""
    return any(row.changed_at.get(name, 0) > since for name in _CHANGES[deed])


def _stands(row: Incident) -> dict[str, JSON]:
    levels: dict[str, JSON] = {"impact": row.impact, "effect": row.effect, "urgency": row.urgency}
    by_hand = row.priority_reason in STANDING
    owner = str(row.owner.uuid) if row.owner else ""
    return {**levels, "priority": row.priority, "by_hand": by_hand, "owner": owner}


def _carry_out(by: Actor, ref: str, wish: Wish) -> Incident:
    if wish.deed == Deed.OWNER:
        return incidents.assign(by=by, ref=ref, owner=wish.owner)
    if wish.deed == Deed.NOTE:
        incidents.note(by=by, ref=ref, text=wish.text)
        return records.incident(by, ref)
    levels = {"impact": wish.impact, "effect": wish.effect, "urgency": wish.urgency}
    if not any(levels.values()):
        raise Invalid("impact", "required")
    return incidents.set_priority(by=by, ref=ref, reason=wish.reason, **levels)


def _restore(by: Actor, now: Incident, deed: Deed, before: dict[str, JSON], reason: str) -> None:
    if deed == Deed.OWNER:
        incidents.assign(by=by, ref=now.ref, owner=str(before["owner"]))
        return
    levels = {name: int(str(before[name])) for name in ("impact", "effect", "urgency")}
    by_hand = int(str(before["priority"])) if before["by_hand"] else None
    incidents.set_priority(by=by, ref=now.ref, reason=reason, priority=by_hand, **levels)
