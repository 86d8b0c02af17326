"""Values are listed as harmless by people, looked at again and taken off; what flapped speaks when it is steady."""

from datetime import datetime
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.intake import benign, calm_facts, flapping
from hikeshi.intake.actions import flaps, speaking
from hikeshi.intake.benign import BadValue, Terms
from hikeshi.intake.models import Alert, Benign, Flap, FlapTerms
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import calming, ruling, sourcing, with_normal
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact, commit
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.texts import clean, words
from hikeshi.ledger.acts import action, record

LIMITS: Final = {"title": 200, "reason": 2_000, "values": 60_000}


@action
def list_benign(*, by: Actor, organisation: UUID, terms: Terms) -> Benign:
    """What names one of the values opens no incident until then, in this organisation and those below: it stays on the
    queue, with the reason. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.MANAGE)
    place = accounts.organisation(by, organisation, Verb.MANAGE)
    wanted = _checked(by, terms)

    row = Benign.objects.create(
        organisation=place,
        title=wanted.title,
        kind=wanted.kind.value,
        values=wanted.values,
        reason=wanted.reason,
        owner=wanted.owner,
        until=wanted.until,
        made_by=by.ref,
        made_at=clock.now(),
    )

    content = commit(row.content, row.secret)
    fact = calm_facts.BenignListed(
        entry=row.uuid, organisation=place.uuid, owner=row.owner, until=row.until, content=content
    )
    _record(fact, row, by)
    return row


@action
def review_benign(*, by: Actor, entry: UUID, until: datetime) -> Benign:
    """Somebody looked at it again: it counts until then. Raises NotAllowed, NotFound, Invalid."""
    row = _mine(by, entry)
    if row.ended_at is not None or row.until <= clock.now():
        raise Invalid("until", "benign_over")
    _check_end(until)

    row.until = until
    row.save(update_fields=["until"])

    _record(calm_facts.BenignReviewed(entry=row.uuid, until=until), row, by)
    return row


@action
def end_benign(*, by: Actor, entry: UUID) -> Benign:
    """It counts no longer; alerts are judged anew as they fire again. Raises NotAllowed, NotFound."""
    row = _mine(by, entry)
    if row.ended_at is not None:
        return row

    row.ended_at = clock.now()
    row.save(update_fields=["ended_at"])

    _record(calm_facts.BenignEnded(entry=row.uuid), row, by)
    return row


@action
def set_flapping(*, by: Actor, changes: int, minutes: int) -> flapping.Terms:
    """From so many changes within so many minutes an alert counts as flapping; 0 changes: never. Raises NotAllowed,
    Invalid.
    """
    sourcing.must_write(by)
    if changes and not flapping.FEWEST <= changes <= flapping.MOST:
        raise Invalid("changes", "out_of_range", low=flapping.FEWEST, high=flapping.MOST)
    if not 1 <= minutes <= flapping.LONGEST:
        raise Invalid("minutes", "out_of_range", low=1, high=flapping.LONGEST)

    row = FlapTerms.objects.select_for_update().order_by("id").first() or FlapTerms()
    row.changes, row.minutes = changes, minutes
    row.save()

    fact = calm_facts.FlappingSet(changes=changes, minutes=minutes)
    record(fact, subject="intake:flapping", by=by, topics=("silences",))
    return calming.flap_terms()


@action
def settle_flapping(*, by: Actor, at: datetime) -> bool:
    """One step of alerts whose changes lie back far enough; whether there was something to do. For the desk's own loop.
    Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    due = list(Flap.objects.filter(due_at__lte=at).order_by("due_at", "id")[: speaking.STEP])
    if not due:
        return False

    terms = calming.flap_terms()
    seen = {row.alert_id: flapping.settle(calming.seen(row), terms, at) for row in due}
    Flap.objects.filter(pk__in=[row.pk for row in due]).delete()
    Flap.objects.bulk_create([row for pk, one in seen.items() if (row := flaps.kept(pk, one, terms)) is not None])
    calm = [pk for pk, one in seen.items() if one.since is None]
    held = with_normal(Alert.objects.filter(pk__in=calm, verdict=Verdict.HOLD, rule=flapping.RULE))
    spoke, settled = speaking.speak({one.fingerprint: one for one in held}, flapping.RULE, at)

    if spoke or settled:
        fact = calm_facts.FlappingSettled(spoke=spoke, settled=settled)
        record(fact, subject="intake:flapping", by=by, topics=("alerts",))
    return True


def _mine(by: Actor, uuid: UUID) -> Benign:
    by.must(Verb.MANAGE)
    found = calming.entry(by, uuid)
    by.must(Verb.MANAGE, found.organisation_id)
    return Benign.objects.select_for_update().get(pk=found.pk)


def _checked(by: Actor, terms: Terms) -> Terms:
    values = clean(terms.values, field="values").strip()
    if len(values) > LIMITS["values"]:
        raise Invalid("values", "too_long", limit=LIMITS["values"])
    try:
        benign.read(terms.kind, values)
    except BadValue as problem:
        raise Invalid("values", problem.code, line=problem.line, detail=problem.text) from None
    _check_end(terms.until)
    if terms.owner and not ruling.may_own(by, terms.owner) and terms.owner != by.ref:
        raise Invalid("owner", "unknown")
    title = words(terms.title, field="title", most=LIMITS["title"])
    reason = words(terms.reason, field="reason", most=LIMITS["reason"])
    return Terms(title, terms.kind, values, reason, terms.until, terms.owner or by.ref)


def _check_end(until: datetime) -> None:
    if until <= clock.now():
        raise Invalid("until", "past")
    if until - clock.now() > benign.LONGEST:
        raise Invalid("until", "benign_too_long")


def _record(fact: Fact, row: Benign, by: Actor) -> None:
    record(fact, subject=f"benign:{row.uuid}", by=by, topics=("alerts", "silences"))
