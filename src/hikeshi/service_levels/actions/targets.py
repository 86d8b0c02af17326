"""What is promised: the book of targets, a whole new version for every change. Running clocks keep what they took."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Team
from hikeshi.incidents import names
from hikeshi.incidents.codes import RecordClass, Waiting
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import clean
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.service_levels import book as books
from hikeshi.service_levels import facts
from hikeshi.service_levels.book import LONGEST, MOST_TARGETS, NONE, Book, Limits, Minutes, Step, Target
from hikeshi.service_levels.codes import OWN_HOURS, Deed, Measure
from hikeshi.service_levels.models import BookVersion, Renewal
from hikeshi.service_levels.permissions import Verb
from hikeshi.service_levels.queries.targets import book_in_force, troubles

SUBJECT = "service_levels"
TOPICS = ("service_levels",)
LONGEST_NAME = 200
HIGHEST = 1000
"""Percent."""
MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Draft:
    """A target as it is written; its fields are those of ``book.Target``."""

    measure: Measure
    ja: str
    en: str
    minutes: Minutes = NONE
    hours: str = OWN_HOURS
    always_to: int = 0
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@action
def add_target(*, by: Actor, draft: Draft) -> Target:
    """Switched off until somebody switches it on. Raises NotAllowed, Invalid."""
    now = _hold(by)
    if len(now.targets) >= MOST_TARGETS:
        raise Invalid("ja", "too_many", limit=MOST_TARGETS)
    target = _read(draft, Target(code=uuid7().hex, measure=draft.measure, ja="", en=""))

    _put(by, Book((*now.targets, target), now.stuck), Deed.TARGET_ADDED, target)
    return target


@action
def change_target(*, by: Actor, code: str, draft: Draft, version: int | None = None) -> Target:
    """Raises NotAllowed, NotFound, Invalid, Conflict."""
    now = _hold(by)
    was = _known(now, code)
    target = _read(draft, was)
    must_be_current(read=version, now=was.version, yours=_texts(target), theirs=_texts(was))
    if replace(target, sample=was.sample) == was:
        return was

    target = replace(target, version=was.version + 1, sample=False)
    _put(by, books.replaced(now, target), Deed.TARGET_CHANGED, target)
    return target


@action
def switch_target(*, by: Actor, code: str, on: bool) -> Target:
    """Records opened from now on are measured by it, or no longer. Raises NotAllowed, NotFound, and Invalid where its
    clocks could not run.
    """
    now = _hold(by)
    was = _known(now, code)
    if was.on == on:
        return was
    if on:
        _must_run(was)

    target = replace(was, on=on, sample=False, version=was.version + 1)
    _put(by, books.replaced(now, target), Deed.TARGET_ON if on else Deed.TARGET_OFF, target)
    return target


@action
def remove_target(*, by: Actor, code: str) -> None:
    """Clocks that run by it keep what was promised. Raises NotAllowed, NotFound."""
    now = _hold(by)
    gone = _known(now, code)
    left = tuple(one for one in now.targets if one.code != code)
    _put(by, Book(left, now.stuck), Deed.TARGET_REMOVED, gone)


@action
def order_targets(*, by: Actor, codes: Sequence[str]) -> None:
    """Of targets that measure the same, the first that fits counts. Raises NotAllowed, Invalid."""
    now = _hold(by)
    known = books.by_code(now)
    if sorted(codes) != sorted(known):
        raise Invalid("codes", "unknown")
    ordered = tuple(known[code] for code in codes)
    if ordered != now.targets:
        _put(by, Book(ordered, now.stuck), Deed.ORDERED, None)


@action
def set_stuck_limits(*, by: Actor, no_move: Minutes, no_owner: Minutes, waiting: Minutes) -> Limits:
    """After how long a record counts as stuck, for each priority. Raises NotAllowed, Invalid."""
    now = _hold(by)
    given = {"no_move": no_move, "no_owner": no_owner, "waiting": waiting}
    for name, minutes in given.items():
        _plausible(name, minutes)
    limits = Limits(**given)
    if limits != now.stuck:
        _put(by, Book(now.targets, limits), Deed.STUCK_SET, None)
    return limits


@action
def renew_clocks(*, by: Actor) -> None:
    """Open records take the targets in force, as if they were opened by them; the engine goes through them. Raises
    NotAllowed.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    number = book_in_force().number
    if number and not Renewal.objects.filter(done_at=None, place=0).exists():
        Renewal.objects.create(asked_by=by.ref, asked_at=clock.now(), book=number)
        record(facts.RenewalAsked(book=number), subject=SUBJECT, by=by, topics=TOPICS)


def _hold(by: Actor) -> Book:
    """The book in force, locked until the act is over. Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    BookVersion.objects.select_for_update().order_by("-number").first()
    return book_in_force().book


def _known(book: Book, code: str) -> Target:
    found = book.target(code)
    if found is None:
        raise NotFound("target")
    return found


def _put(by: Actor, book: Book, deed: Deed, about: Target | None) -> None:
    number = book_in_force().number + 1
    content = books.encode(book)
    BookVersion.objects.create(number=number, content=content, made_by=by.ref, at=clock.now())
    said = about.name(by.language) if about is not None else ""
    fact = facts.TargetsSet(number=number, deed=deed, about=said, content=books.digest(content))
    record(fact, subject=SUBJECT, by=by, topics=TOPICS)


# What was written.


def _read(draft: Draft, was: Target) -> Target:
    """Raises Invalid naming the field."""
    if all(one is None for one in draft.minutes):
        raise Invalid("minutes_1", "no_time")
    _plausible("minutes", draft.minutes)
    _one_of("classes", draft.classes, {one.value for one in RecordClass})
    _one_of("kinds", draft.kinds, set(names.in_use().kinds))
    _one_of("pauses", draft.pauses, {one.value for one in Waiting})
    for name in ("organisations", "assets", "teams"):
        _uuids(name, getattr(draft, name))
    _must_be_in_use(set(draft.teams) - set(was.teams))
    target = Target(
        code=was.code,
        measure=draft.measure,
        ja=_title(draft.ja, "ja"),
        en=_title(draft.en, "en"),
        minutes=draft.minutes,
        hours=draft.hours,
        always_to=draft.always_to,
        classes=draft.classes,
        kinds=draft.kinds,
        organisations=draft.organisations,
        assets=draft.assets,
        teams=draft.teams,
        pauses=draft.pauses,
        steps=_steps(draft.steps),
        on=was.on,
        sample=was.sample,
        version=was.version,
    )
    if not 0 <= target.always_to <= 5:
        raise Invalid("always_to", "out_of_range", low=0, high=5)
    _must_run(target)
    return target


def _must_be_in_use(teams: set[str]) -> None:
    """Raises Invalid."""
    if Team.objects.filter(uuid__in=[UUID(one) for one in teams], retired_at=None).count() != len(teams):
        raise Invalid("teams", "team_retired")


def _title(text: str, field: str) -> str:
    kept = clean(text, field=field).strip()
    if not kept:
        raise Invalid(field, "required")
    if len(kept) > LONGEST_NAME:
        raise Invalid(field, "too_long", limit=LONGEST_NAME)
    return kept


def _plausible(name: str, minutes: Minutes) -> None:
    if len(minutes) != 5:
        raise Invalid(name, "unknown")
    for priority, one in enumerate(minutes, start=1):
        if one is not None and not 1 <= one <= LONGEST:
            raise Invalid(f"{name}_{priority}", "out_of_range", low=1, high=LONGEST)


def _one_of(field: str, given: Sequence[str], known: set[str]) -> None:
    for one in given:
        if one not in known:
            raise Invalid(field, "not_a_choice", choices=", ".join(sorted(known)))


def _uuids(field: str, given: Sequence[str]) -> None:
    for one in given:
        try:
            UUID(one)
        except ValueError as error:
            raise Invalid(field, "unknown") from error


def _steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    if len(steps) > MOST_STEPS:
        raise Invalid("steps", "too_many", limit=MOST_STEPS)
    for one in steps:
        if not 1 <= one.percent <= HIGHEST:
            raise Invalid("steps", "out_of_range", low=1, high=HIGHEST)
    if len({one.percent for one in steps}) != len(steps):
        raise Invalid("steps", "percent_twice")
    return tuple(sorted(steps, key=lambda one: one.percent))


def _must_run(target: Target) -> None:
    """A clock whose calendar never opens would never run out, and nobody would be told."""
    for one in troubles(Book((target,))):
        raise Invalid("hours", "calendar_gone" if one.reason == "gone" else "clock_never_opens")


def _texts(target: Target) -> dict[str, str]:
    """By the names of the form: what a conflict shows."""
    plain = {"ja": target.ja, "en": target.en, "hours": target.hours, "always_to": str(target.always_to)}
    times = {f"minutes_{place}": str(one or "") for place, one in enumerate(target.minutes, start=1)}
    many = {name: ", ".join(getattr(target, name)) for name in ("classes", "kinds", "organisations", "pauses")}
    steps = "\n".join(f"{one.percent}: {', '.join(one.acts)}" for one in target.steps)
    return {**plain, **times, **many, "steps": steps}
