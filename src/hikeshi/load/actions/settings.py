"""Skills, limits and rules: a whole new version for every change, so that each can be told and proved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Team
from hikeshi.incidents import names
from hikeshi.incidents.codes import RecordClass
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import clean
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.load import book as books
from hikeshi.load import facts
from hikeshi.load.book import LOWEST, MOST_RULES, MOST_SKILLS, Book, Limits, Rule, Skill
from hikeshi.load.codes import Deed, Shift
from hikeshi.load.models import BookVersion
from hikeshi.load.permissions import Verb
from hikeshi.load.queries.settings import in_force
from hikeshi.oncall.models import Rota

SUBJECT = "load"
TOPICS = ("load",)
LONGEST = 200
HIGHEST = {"most_open": 10_000, "percent": 10_000, "idle_hours": 2_000}
MANY = ("classes", "kinds", "organisations", "assets", "skills")


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as it is written; its fields are those of ``book.Rule``."""

    name: str
    team: str = ""
    rota: str = ""
    to_priority: int = LOWEST
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    assets: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    shift: Shift = Shift.REQUIRED


@action
def set_skills(*, by: Actor, skills: Sequence[str]) -> tuple[Skill, ...]:
    """The words, in order. One that stays keeps who has it; one that goes is asked by no rule any more.

    Raises NotAllowed, Invalid.
    """
    now = _hold(by)
    written = list(dict.fromkeys(_name(one, "skills") for one in skills if one.strip()))
    if len(written) > MOST_SKILLS:
        raise Invalid("skills", "too_many", limit=MOST_SKILLS)
    known = {one.name: one for one in now.skills}
    kept = tuple(known.get(name) or Skill(uuid7().hex, name) for name in written)
    _must_not_be_asked(now, kept)

    if kept != now.skills:
        _put(by, replace(now, skills=kept), Deed.SKILLS_SET)
    return kept


def _must_not_be_asked(now: Book, kept: Sequence[Skill]) -> None:
    left = {one.code for one in kept}
    for rule in now.rules:
        gone = next((code for code in rule.skills if code not in left), None)
        if gone is not None:
            raise Invalid("skills", "skill_in_use", skill=now.names.get(gone, gone), where=rule.name)


@action
def set_limits(
    *, by: Actor, most_open: int | None = None, percent: int | None = None, idle_hours: int | None = None
) -> Limits:
    """From when on a queue is too much; None: never for that. Raises NotAllowed, Invalid."""
    now = _hold(by)
    limits = Limits(most_open, percent, idle_hours)
    for name, highest in HIGHEST.items():
        value = getattr(limits, name)
        if value is not None and not 1 <= value <= highest:
            raise Invalid(name, "out_of_range", low=1, high=highest)
    if limits != now.limits:
        _put(by, replace(now, limits=limits), Deed.LIMITS_SET)
    return limits


@action
def switch_automatic(*, by: Actor, on: bool) -> None:
    """Whether the rules act by themselves when a record is opened. Raises NotAllowed, Invalid without a rule."""
    now = _hold(by)
    if on and not any(one.on for one in now.rules):
        raise Invalid("on", "no_rule")
    if now.automatic != on:
        _put(by, replace(now, automatic=on), Deed.AUTOMATIC_ON if on else Deed.AUTOMATIC_OFF)


@action
def add_rule(*, by: Actor, draft: RuleDraft) -> Rule:
    """Last in order. Raises NotAllowed, Invalid."""
    now = _hold(by)
    if len(now.rules) >= MOST_RULES:
        raise Invalid("name", "too_many", limit=MOST_RULES)
    rule = _read(draft, now, Rule(code=uuid7().hex, name=""))

    _put(by, replace(now, rules=(*now.rules, rule)), Deed.RULE_ADDED, rule)
    return rule


@action
def change_rule(*, by: Actor, code: str, draft: RuleDraft, version: int | None = None) -> Rule:
    """Raises NotAllowed, NotFound, Invalid, Conflict."""
    now = _hold(by)
    was = _known(now, code)
    rule = _read(draft, now, was)
    must_be_current(read=version, now=was.version, yours=_texts(rule), theirs=_texts(was))
    if rule == was:
        return was

    rule = replace(rule, version=was.version + 1)
    _put(by, now.with_rule(rule), Deed.RULE_CHANGED, rule)
    return rule


@action
def switch_rule(*, by: Actor, code: str, on: bool) -> Rule:
    """Raises NotAllowed, NotFound."""
    now = _hold(by)
    was = _known(now, code)
    if was.on == on:
        return was
    rule = replace(was, on=on, version=was.version + 1)
    _put(by, now.with_rule(rule), Deed.RULE_ON if on else Deed.RULE_OFF, rule)
    return rule


@action
def remove_rule(*, by: Actor, code: str) -> None:
    """Raises NotAllowed, NotFound."""
    now = _hold(by)
    gone = _known(now, code)
    _put(by, replace(now, rules=tuple(one for one in now.rules if one.code != code)), Deed.RULE_REMOVED, gone)


@action
def order_rules(*, by: Actor, codes: Sequence[str]) -> None:
    """The first that fits a record counts. Raises NotAllowed, Invalid."""
    now = _hold(by)
    known = {one.code: one for one in now.rules}
    if sorted(codes) != sorted(known):
        raise Invalid("codes", "unknown")
    ordered = tuple(known[code] for code in codes)
    if ordered != now.rules:
        _put(by, replace(now, rules=ordered), Deed.ORDERED)


def _hold(by: Actor) -> Book:
    """The settings in force, locked until the act is over. Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    BookVersion.objects.select_for_update().order_by("-number").first()
    return in_force().book


def _known(book: Book, code: str) -> Rule:
    found = book.rule(code)
    if found is None:
        raise NotFound("rule")
    return found


def _put(by: Actor, book: Book, deed: Deed, about: Rule | None = None) -> None:
    number = in_force().number + 1
    content = books.encode(book)
    BookVersion.objects.create(number=number, content=content, made_by=by.ref, at=clock.now())
    said = about.name if about is not None else ""
    fact = facts.LoadSettled(number=number, deed=deed, about=said, content=books.digest(content))
    record(fact, subject=SUBJECT, by=by, topics=TOPICS)


# What was written.


def _read(draft: RuleDraft, now: Book, was: Rule) -> Rule:
    """Raises Invalid naming the field."""
    if bool(draft.team) == bool(draft.rota):
        raise Invalid("team", "team_or_rota")
    if not 1 <= draft.to_priority <= LOWEST:
        raise Invalid("to_priority", "out_of_range", low=1, high=LOWEST)
    if draft.team and not Team.objects.filter(uuid=_uuid("team", draft.team), retired_at=None).exists():
        raise Invalid("team", "unknown")
    if draft.rota and not Rota.objects.filter(uuid=_uuid("rota", draft.rota), retired_at__isnull=True).exists():
        raise Invalid("rota", "unknown")
    _one_of("classes", draft.classes, {one.value for one in RecordClass})
    _one_of("kinds", draft.kinds, set(names.in_use().kinds))
    _one_of("skills", draft.skills, set(now.names))
    for name in ("organisations", "assets"):
        for one in getattr(draft, name):
            _uuid(name, one)
    return Rule(
        code=was.code,
        name=_name(draft.name, "name"),
        team=draft.team,
        rota=draft.rota,
        to_priority=draft.to_priority,
        classes=draft.classes,
        kinds=draft.kinds,
        organisations=draft.organisations,
        assets=draft.assets,
        skills=draft.skills,
        shift=draft.shift,
        on=was.on,
        version=was.version,
    )


def _name(text: str, field: str) -> str:
    kept = " ".join(clean(text, field=field).split())
    if not kept:
        raise Invalid(field, "required")
    if len(kept) > LONGEST:
        raise Invalid(field, "too_long", limit=LONGEST)
    return kept


def _one_of(field: str, given: Sequence[str], known: set[str]) -> None:
    for one in given:
        if one not in known:
            raise Invalid(field, "unknown")


def _uuid(field: str, given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError as error:
        raise Invalid(field, "unknown") from error


def _texts(rule: Rule) -> dict[str, str]:
    """By the names of the form: what a conflict shows."""
    plain = {"name": rule.name, "to_priority": str(rule.to_priority), "shift": rule.shift.value}
    among = {"among": f"team:{rule.team}" if rule.team else f"rota:{rule.rota}"}
    return {**plain, **among, **{name: ", ".join(getattr(rule, name)) for name in MANY}}
