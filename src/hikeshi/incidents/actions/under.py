"""One outage and its many reports: records that stand under another, answered and closed together.

Two levels and no more: who answers all must see at a glance whom that reaches.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from hikeshi.incidents import facts, refs
from hikeshi.incidents.actions import course, saving
from hikeshi.incidents.actions.conversation import reply
from hikeshi.incidents.codes import RecordClass, Status
from hikeshi.incidents.models import Incident, Message
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import reports as queries
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.incidents.queries.under import open_reports, told_together
from hikeshi.incidents.queries.visibility import visible
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, Unmet
from hikeshi.ledger.acts import action

MOST: Final = 500
STEP: Final = 25
"""Reports handled in one transaction: everybody else who writes waits for it."""


@dataclass(frozen=True, slots=True)
class Step:
    """``next``: where the next step begins; 0 where there is nothing left. ``left``: numbers of those it could not be
    done for.
    """

    done: int
    next: int
    left: tuple[str, ...] = ()


@action
def put_under(*, by: Actor, parent: str, reports: Sequence[str]) -> int:
    """These records stand under another from now on; how many that changed. Raises NotFound, NotAllowed, Invalid."""
    _lock(by, parent, reports)
    above = saving.hold(by, parent)
    if above.status == Status.CLOSED:
        raise Invalid("parent", "under_closed")
    if above.parent_id is not None:
        raise Invalid("parent", "under_deep")
    found = _reports(by, reports, above)

    changing = [one for one in found if one.parent_id != above.pk]
    was = dict(Incident.objects.filter(children__in=changing).values_list("pk", "uuid"))
    for one in changing:
        before = was.get(one.parent_id or 0)
        saving.save(one, parent=above)
        saving.tell(one, by, facts.PutUnder(incident=one.uuid, parent=above.uuid, was=before))
    if changing:
        saving.save(above)
        came = tuple(one.uuid for one in changing)
        told = facts.ReportsPutUnder(incident=above.uuid, reports=came, count=len(came))
        saving.tell(above, by, told)
    return len(changing)


def _lock(by: Actor, parent: str, reports: Sequence[str]) -> None:
    """All of them in one order, or two people who act on the same ones wait for each other for ever."""
    wanted = {refs.tidy(one) for one in (parent, *reports[:MOST])}
    list(visible(by).select_for_update(of=("self",)).filter(ref__in=wanted).order_by("pk").values_list("pk"))


def _reports(by: Actor, reports: Sequence[str], above: Incident) -> list[Incident]:
    """Raises NotAllowed, Invalid."""
    wanted = {refs.tidy(one) or one for one in reports}
    if not wanted:
        raise Invalid("reports", "nothing_chosen")
    if len(wanted) > MOST:
        raise Invalid("reports", "too_many", limit=MOST)
    found = list(visible(by).filter(ref__in=wanted).order_by("pk"))
    unknown = sorted(wanted - {one.ref for one in found})
    if unknown:
        raise Invalid("reports", "no_such_incident", ref=unknown[0][:40])
    for one in found:
        _must_fit(by, one, above)
    return found


def _must_fit(by: Actor, one: Incident, above: Incident) -> None:
    """Raises NotAllowed, Invalid."""
    by.must(Verb.WORK, one.organisation_id)
    if one.pk == above.pk:
        raise Invalid("reports", "under_itself")
    if one.merged_into_id is not None:
        raise Invalid("reports", "is_merged")
    if one.world != above.world:
        raise Invalid("reports", "other_world")
    if Incident.objects.filter(parent=one).exists():
        raise Invalid("reports", "has_reports", ref=one.ref)


@action
def take_from_under(*, by: Actor, ref: str) -> Incident:
    """It stands by itself again. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref)
    if incident.parent is None:
        raise Invalid("ref", "not_under")
    was = incident.parent.uuid
    saving.save(incident, parent=None)
    saving.tell(incident, by, facts.TakenFromUnder(incident=incident.uuid, was=was))
    return incident


def _next(by: Actor, ref: str, of: Callable[[Actor, Incident], QuerySet[Incident]], after: int) -> list[Incident]:
    """Those of the next step and one more, locked with the record itself. Raises NotFound, NotAllowed, Invalid."""
    some = list(of(by, find(by, ref)).filter(pk__gt=after).order_by("pk")[: STEP + 1])
    _lock(by, ref, [one.ref for one in some[:STEP]])
    saving.hold(by, ref, merged_too=True)
    return some


@action
def answer_all(*, by: Actor, ref: str, text: str, nonce: str, after: int = 0) -> Step:
    """One message to everybody who reported this or what stands under it or was merged into either; a step's worth,
    beginning behind ``after``. ``nonce`` names the form: each reporter gets it once, however often it is sent. Those
    the actor may not work on are passed over, and not named. Raises NotFound, NotAllowed, Invalid.
    """
    some = _next(by, ref, told_together, after)
    words = saving.words(text, "text")
    done = 0
    for one in some[:STEP]:
        digest = queries.nonce_digest(f"answer {one.uuid} {nonce}")
        if Message.objects.filter(nonce=digest).exists():
            continue
        message = reply(by=by, ref=one.ref, text=words)
        message.nonce = digest
        message.save(update_fields=["nonce"])
        done += 1
    return Step(done, some[STEP - 1].pk if len(some) > STEP else 0)


@action
def close_all(
    *,
    by: Actor,
    ref: str,
    resolution: str,
    record_class: RecordClass,
    override_reason: str = "",
    after: int = 0,
) -> Step:
    """Closes what stands under this record and is not closed yet, a step's worth; this one stays as it is. Where a gate
    is unmet and no reason passes it, a report stays open and is named. Raises NotFound, NotAllowed, Invalid.
    """
    some = _next(by, ref, open_reports, after)
    words = saving.words(resolution, "resolution")
    done, left = 0, []
    for one in some[:STEP]:
        try:
            course.close(
                by=by, ref=one.ref, resolution=words, record_class=record_class, override_reason=override_reason
            )
            done += 1
        except Unmet:
            left.append(one.ref)
    return Step(done, some[STEP - 1].pk if len(some) > STEP else 0, tuple(left))
