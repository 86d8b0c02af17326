"""Silences are set and ended by people; at the end of a window what still fires speaks. Nothing is dropped."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.intake import judging, matchers, queries, silence_facts, silences
from hikeshi.intake.actions import speaking
from hikeshi.intake.matchers import BadMatcher, Name
from hikeshi.intake.models import Alert, Silence
from hikeshi.intake.normalise import State
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import ruling, silencing
from hikeshi.intake.silences import Every, Terms
from hikeshi.intake.verdicts import WAITING
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact, commit
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.texts import clean, words
from hikeshi.ledger.acts import action, record

LIMITS: Final = {"title": 200, "reason": 2_000, "matchers": 8_000}
MOST_AT_ONCE: Final = 2_000
"""Alerts of the queue that a new silence looks at; what comes later is held as it comes."""


@action
def set_silence(*, by: Actor, organisation: UUID, terms: Terms) -> Silence:
    """Holds what matches, of this organisation and those below, from ``starts_at`` on; what waits for a decision now
    too. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.JUDGE)
    place = accounts.organisation(by, organisation, Verb.JUDGE)
    zone = accounts.site().time_zone
    wanted = _checked(by, terms, zone)
    _must_reach(by, wanted, zone, place.pk)
    now = clock.now()

    row = Silence(organisation=place, zone=zone, made_by=by.ref, made_at=now)
    for name in ("title", "matchers", "reason", "owner", "starts_at", "ends_at", "every", "until"):
        setattr(row, name, getattr(wanted, name))
    window = silences.window(wanted, zone, now)
    row.due_at = window.ends if window is not None else None
    row.save()
    if window is not None and window.begins <= now:
        _hold_what_waits(row)

    content = commit(f"{row.title}\n{row.matchers}\n{row.reason}", row.secret)
    fact = silence_facts.SilenceSet(
        silence=row.uuid,
        organisation=place.uuid,
        owner=row.owner,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        every=wanted.every,
        until=row.until,
        content=content,
    )
    _record(fact, row, by)
    return row


def snooze_alert(*, by: Actor, alert: UUID, until: datetime, reason: str) -> Silence:
    """Holds one alert until then; it comes back if it still fires. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.JUDGE)
    row = queries.alert(by, alert)
    wanted = Terms(
        title=row.title[: LIMITS["title"]],
        matchers=matchers.exactly(Name.KEY, row.fingerprint),
        reason=reason,
        owner=by.ref,
        starts_at=clock.now(),
        ends_at=until,
    )
    return set_silence(by=by, organisation=row.organisation.uuid, terms=wanted)


@action
def end_silence(*, by: Actor, silence: UUID) -> Silence:
    """What it holds speaks at once. Ending what is over changes nothing. Raises NotAllowed, NotFound."""
    by.must(Verb.JUDGE)
    found = silencing.silence(by, silence)
    by.must(Verb.JUDGE, found.organisation_id)
    row = Silence.objects.select_for_update().get(pk=found.pk)
    if row.ended_at is not None:
        return row

    row.ended_at = row.due_at = clock.now()
    row.save(update_fields=["ended_at", "due_at"])

    _record(silence_facts.SilenceEnded(silence=row.uuid), row, by)
    return row


@action
def speak_after_silence(*, by: Actor, at: datetime) -> bool:
    """One step of what speaks at the end of a window; whether there was something to do. For the desk's own loop.
    Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    row = Silence.objects.select_for_update().filter(due_at__lte=at).order_by("due_at", "id").first()
    if row is None:
        return False

    held = silencing.held_by(row).order_by("fingerprint")[: speaking.STEP]
    spoke, settled = speaking.speak({one.fingerprint: one for one in held}, row.rule, at)
    more = silencing.held_by(row).exists()
    if not more:
        following = None if row.ended_at is not None else silences.window(row.terms, row.zone, at)
        row.due_at = following.ends if following is not None else None
        row.ended_at = row.ended_at or (at if following is None else None)
        row.save(update_fields=["due_at", "ended_at"])

    fact = silence_facts.SilenceSpoke(
        silence=row.uuid, spoke=spoke, settled=settled, last=row.ended_at is not None and not more
    )
    _record(fact, row, by)
    return True


def _hold_what_waits(row: Silence) -> None:
    """What already lies on the queue and fires: a silence set in a storm is meant for it. The newest of it."""
    wanted = matchers.read(row.matchers)
    waiting = Alert.objects.filter(verdict__in=WAITING, case="", status=State.FIRING)
    waiting = queries.with_normal(waiting.filter(organisation__in=silencing.below(row)))
    newest = waiting.order_by(*queries.NEWEST)[:MOST_AT_ONCE]
    hit = [one.pk for one in newest if wanted.match(matchers.subject(silencing.told_of(one)))]
    said = judging.held(row.rule)
    for start in range(0, len(hit), 500):
        chosen = Alert.objects.filter(pk__in=hit[start : start + 500], verdict__in=WAITING, case="")
        spoken_of = {one.fingerprint: one for one in queries.with_normal(chosen.filter(announced=True))}
        speaking.hold(spoken_of, row.rule)
        chosen.filter(announced=False).update(
            verdict=said.verdict, rule=said.rule, rule_version=said.version, reason=said.reason
        )


def _checked(by: Actor, terms: Terms, zone: str) -> Terms:
    try:
        matchers.read(terms.matchers)
    except BadMatcher as problem:
        raise Invalid("matchers", problem.code, line=problem.line, detail=problem.text) from None
    now = clock.now()
    if terms.ends_at <= terms.starts_at:
        raise Invalid("ends_at", "ends_before_start")
    if terms.ends_at <= now and terms.every is Every.ONCE:
        raise Invalid("ends_at", "past")
    if terms.every is not Every.ONCE:
        _check_repetition(terms)
    if silences.last_end(terms, zone) - min(terms.starts_at, now) > silences.LONGEST:
        raise Invalid("ends_at" if terms.every is Every.ONCE else "until", "silence_too_long")
    if terms.owner and not ruling.may_own(by, terms.owner) and terms.owner != by.ref:
        raise Invalid("owner", "unknown")
    return Terms(
        title=words(terms.title, field="title", most=LIMITS["title"]),
        matchers=clean(terms.matchers, field="matchers").strip()[: LIMITS["matchers"]],
        reason=words(terms.reason, field="reason", most=LIMITS["reason"]),
        owner=terms.owner or by.ref,
        starts_at=max(terms.starts_at, now) if terms.every is Every.ONCE else terms.starts_at,
        ends_at=terms.ends_at,
        every=terms.every,
        until=terms.until if terms.every is not Every.ONCE else None,
    )


def _check_repetition(terms: Terms) -> None:
    if terms.until is None:
        raise Invalid("until", "required")
    if terms.until <= terms.starts_at:
        raise Invalid("until", "ends_before_start")
    if terms.until - terms.starts_at > silences.LONGEST:
        raise Invalid("until", "silence_too_long")
    step = timedelta(days=1) if terms.every is Every.DAY else timedelta(days=7)
    if terms.ends_at - terms.starts_at >= step:
        raise Invalid("ends_at", "silence_overlaps")


def _must_reach(by: Actor, terms: Terms, zone: str, place: int) -> None:
    """Who judges alerts may be quiet for a week; what is longer or comes again is for who manages intake there."""
    long = silences.last_end(terms, zone) - clock.now() > silences.OF_WHO_JUDGES
    if terms.every is not Every.ONCE or long:
        by.must(Verb.MANAGE, place)


def _record(fact: Fact, row: Silence, by: Actor) -> None:
    record(fact, subject=f"silence:{row.uuid}", by=by, topics=("alerts", "silences"))
