"""Inhibitions are set, changed and ended by people; what they hold speaks when its source is over. Nothing is lost."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.intake import inhibition_facts, inhibitions, judging, matchers, queries
from hikeshi.intake.actions import sides, speaking
from hikeshi.intake.inhibitions import Firing, Place, Side, Terms
from hikeshi.intake.judging import PERSON
from hikeshi.intake.matchers import BadMatcher
from hikeshi.intake.models import Alert, Inhibition, InhibitionSide, InhibitionTurn
from hikeshi.intake.normalise import State
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import inhibiting, ruling, silencing
from hikeshi.intake.verdicts import WAITING, Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact, commit
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.texts import clean, words
from hikeshi.ledger.acts import action, record

LIMITS: Final = {"title": 200, "reason": 2_000, "matchers": 8_000, "equal": 1_000}
MOST_AT_ONCE: Final = 2_000
"""Alerts that a new inhibition looks at, the newest that fire; what comes later is looked at as it comes."""


@action
def set_inhibition(*, by: Actor, organisation: UUID, terms: Terms) -> Inhibition:
    """Holds what the target side matches while an alert fires that the source side matches, in this organisation and
    those below. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.MANAGE)
    place = accounts.organisation(by, organisation, Verb.MANAGE)
    wanted = _checked(by, terms)

    row = _made(by, place, wanted, family=uuid7(), number=1)
    _take_in_what_fires(row)

    _record_set(row, by, before=None)
    return row


@action
def change_inhibition(*, by: Actor, inhibition: UUID, terms: Terms) -> Inhibition:
    """A new version takes the place of this one; what only the old one held is judged. Raises NotAllowed, NotFound,
    Invalid.
    """
    by.must(Verb.MANAGE)
    found = inhibiting.inhibition(by, inhibition)
    by.must(Verb.MANAGE, found.organisation_id)
    wanted = _checked(by, terms)
    old = Inhibition.objects.select_for_update().get(pk=found.pk)
    if old.ended_at is not None:
        raise Invalid("title", "inhibition_over")

    _end(old)
    row = _made(by, found.organisation, wanted, family=old.family, number=old.number + 1)
    _take_in_what_fires(row)

    _record(inhibition_facts.InhibitionEnded(inhibition=old.uuid), old, by)
    _record_set(row, by, before=old.uuid)
    return row


@action
def end_inhibition(*, by: Actor, inhibition: UUID) -> Inhibition:
    """What it holds speaks at once. Ending what is over changes nothing. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    found = inhibiting.inhibition(by, inhibition)
    by.must(Verb.MANAGE, found.organisation_id)
    row = Inhibition.objects.select_for_update().get(pk=found.pk)
    if row.ended_at is not None:
        return row

    _end(row)

    _record(inhibition_facts.InhibitionEnded(inhibition=row.uuid), row, by)
    return row


@action
def speak_after_inhibition(*, by: Actor, at: datetime) -> bool:
    """One step: sources that are heard of no more, an inhibition that is over, or a group whose sources changed.
    Whether there was something to do. For the desk's own loop. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    return _expire(at) or _settle_one(by, at) or _turn_one(by, at)


def _expire(at: datetime) -> bool:
    over = InhibitionSide.objects.filter(source=True, until__lte=at).order_by("id")[: speaking.STEP]
    found = list(over.values_list("id", "inhibition_id", "key", "target"))
    InhibitionSide.objects.filter(pk__in=[pk for pk, _of, _key, target in found if target]).update(source=False)
    InhibitionSide.objects.filter(pk__in=[pk for pk, _of, _key, target in found if not target]).delete()
    sides.turn({key: of for _pk, of, key, _target in found})
    return bool(found)


def _settle_one(by: Actor, at: datetime) -> bool:
    row = Inhibition.objects.select_for_update().filter(due_at__lte=at).order_by("due_at", "id").first()
    if row is None:
        return False
    held = queries.with_normal(Alert.objects.filter(verdict=Verdict.HOLD, rule=row.rule)).order_by("fingerprint")
    shown = {one.fingerprint: one for one in held[: speaking.STEP]}
    spoke, settled = speaking.speak(shown, row.rule, at) if shown else (0, 0)
    if len(shown) < speaking.STEP:
        row.due_at = None
        row.save(update_fields=["due_at"])
        InhibitionSide.objects.filter(inhibition=row).delete()
    _say(by, row, (0, spoke, settled))
    return True


def _turn_one(by: Actor, at: datetime) -> bool:
    turn = InhibitionTurn.objects.select_related("inhibition").order_by("id").first()
    if turn is None:
        return False
    done, whole = _turned(turn, at) if turn.inhibition.ended_at is None else ((0, 0, 0), True)
    if whole:
        InhibitionTurn.objects.filter(key=turn.key, pk__lte=turn.pk).delete()
    _say(by, turn.inhibition, done)
    return True


def _turned(turn: InhibitionTurn, at: datetime) -> tuple[tuple[int, int, int], bool]:
    """Held, spoke and settled in this group; and whether that was all."""
    group = InhibitionSide.objects.filter(key=turn.key, inhibition=turn.inhibition)
    firing = Firing()
    for two_sided in group.filter(source=True, until__gt=at).order_by().values_list("target", flat=True).distinct():
        firing.put(two_sided, Side(turn.inhibition_id, turn.key, source=True, target=two_sided))
    asking = {both: Side(turn.inhibition_id, turn.key, source=both, target=True) for both in (False, True)}
    explained = [both for both, side in asking.items() if firing.holds([side]) is not None]
    free = _targets(turn, [both for both in asking if both not in explained])
    held_by_it = queries.with_normal(free.filter(verdict=Verdict.HOLD, rule=turn.inhibition.rule))
    shown = {one.fingerprint: one for one in held_by_it.order_by("fingerprint")[: speaking.STEP]}
    spoke, settled = speaking.speak(shown, turn.inhibition.rule, at) if shown else (0, 0)
    held = _hold(turn.inhibition, _waiting(_targets(turn, explained)))
    return (held, spoke, settled), max(len(shown), held) < speaking.STEP


def _targets(turn: InhibitionTurn, two_sided: list[bool]) -> QuerySet[Alert]:
    group = {"sides__key": turn.key, "sides__inhibition": turn.inhibition}
    return Alert.objects.filter(**group, sides__target=True, sides__source__in=two_sided)


def _waiting(targets: QuerySet[Alert]) -> list[int]:
    """What lies on the queue and fires. What a person kept, or a fact spoke of, stays where it is."""
    waiting = targets.filter(verdict__in=WAITING, case="", status=State.FIRING, announced=False)
    return list(waiting.exclude(rule=PERSON).order_by("fingerprint").values_list("pk", flat=True)[: speaking.STEP])


def _hold(row: Inhibition, chosen: list[int]) -> int:
    said = judging.held(row.rule)
    still = Alert.objects.filter(pk__in=chosen, verdict__in=WAITING, case="", announced=False)
    return still.update(verdict=said.verdict, rule=said.rule, rule_version=said.version, reason=said.reason)


def _take_in_what_fires(row: Inhibition) -> None:
    """The alerts that stand already get their sides; their groups are looked at in a moment."""
    known, now = inhibiting.in_force(), clock.now()
    lasts = timedelta(hours=row.hours)
    firing = Alert.objects.filter(status=State.FIRING, last_seen__gte=now - lasts, organisation__in=_below(row))
    found: dict[str, int] = {}
    new = []
    for one in queries.with_normal(firing).order_by(*queries.NEWEST)[:MOST_AT_ONCE]:
        subject = matchers.subject(silencing.told_of(one))
        for side in known.book.sides(Place(one.organisation_id, one.world), subject):
            if side.inhibition == row.pk:
                said = {"key": side.key, "source": side.source, "target": side.target}
                new.append(InhibitionSide(inhibition=row, alert=one, until=now + lasts, **said))
                found |= {side.key: row.pk} if side.source else {}
    InhibitionSide.objects.bulk_create(new, ignore_conflicts=True)
    sides.turn(found)


def _below(row: Inhibition) -> QuerySet[Organisation]:
    return Organisation.objects.filter(path__startswith=row.organisation.path)


def _made(by: Actor, place: Organisation, terms: Terms, *, family: UUID, number: int) -> Inhibition:
    return Inhibition.objects.create(
        organisation=place,
        family=family,
        number=number,
        title=terms.title,
        source=terms.source,
        target=terms.target,
        equal=terms.equal,
        hours=terms.hours,
        reason=terms.reason,
        owner=terms.owner,
        made_by=by.ref,
        made_at=clock.now(),
    )


def _end(row: Inhibition) -> None:
    row.ended_at = row.due_at = clock.now()
    row.save(update_fields=["ended_at", "due_at"])


def _checked(by: Actor, terms: Terms) -> Terms:
    for field, text in (("source", terms.source), ("target", terms.target)):
        try:
            matchers.read(text)
        except BadMatcher as problem:
            raise Invalid(field, problem.code, line=problem.line, detail=problem.text) from None
    try:
        names = inhibitions.equal(terms.equal)
    except BadMatcher as problem:
        raise Invalid("equal", problem.code, line=problem.line, detail=problem.text) from None
    if terms.hours not in inhibitions.HOURS:
        raise Invalid("hours", "not_a_choice", choices=", ".join(map(str, inhibitions.HOURS)))
    if terms.owner and not ruling.may_own(by, terms.owner) and terms.owner != by.ref:
        raise Invalid("owner", "unknown")
    return Terms(
        title=words(terms.title, field="title", most=LIMITS["title"]),
        source=clean(terms.source, field="source").strip()[: LIMITS["matchers"]],
        target=clean(terms.target, field="target").strip()[: LIMITS["matchers"]],
        equal="\n".join(names),
        reason=words(terms.reason, field="reason", most=LIMITS["reason"]),
        owner=terms.owner or by.ref,
        hours=terms.hours,
    )


def _record_set(row: Inhibition, by: Actor, *, before: UUID | None) -> None:
    fact = inhibition_facts.InhibitionSet(
        inhibition=row.uuid,
        organisation=row.organisation.uuid,
        owner=row.owner,
        hours=row.hours,
        number=row.number,
        before=before,
        content=commit(row.content, row.secret),
    )
    _record(fact, row, by)


def _say(by: Actor, row: Inhibition, done: tuple[int, int, int]) -> None:
    held, spoke, settled = done
    if held or spoke or settled:
        fact = inhibition_facts.InhibitionSpoke(inhibition=row.uuid, held=held, spoke=spoke, settled=settled)
        _record(fact, row, by)


def _record(fact: Fact, row: Inhibition, by: Actor) -> None:
    record(fact, subject=f"inhibition:{row.uuid}", by=by, topics=("alerts", "silences"))
