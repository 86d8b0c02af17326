"""Which policy counts for a record, and the plan it makes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.calendars.calendar import Calendar
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.versions import History, Version
from hikeshi.oncall import drafts, escalation
from hikeshi.oncall.drafts import PolicyDraft
from hikeshi.oncall.escalation import Chapter, Circumstances, Match, Plan, Suits, Target, TargetKind
from hikeshi.oncall.models.policies import Executives
from hikeshi.oncall.models.policies import Policy as Policy
from hikeshi.oncall.permissions import Verb

PolicyHistory: TypeAlias = History[Policy, PolicyDraft]
MANAGERS = Target(TargetKind.ROLE, "manager")


def policies(by: Actor) -> QuerySet[Policy]:
    """In the order in which they are asked, those in use first. Raises NotAllowed."""
    by.must(Verb.VIEW)
    rows = Policy.objects.select_related("organisation", "follow").order_by("retired_at", "place", "pk")
    if by.unlimited:
        return rows
    return rows.filter(Q(organisation__isnull=True) | Q(organisation__in=by.organisations(Verb.VIEW)))


def policy(by: Actor, uuid: UUID) -> Policy:
    """Raises NotAllowed, NotFound."""
    found = policies(by).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("policy")
    return found


def may_manage(by: Actor) -> bool:
    """Policies bear on the whole site: whoever writes them holds that right at its top."""
    return by.may(Verb.MANAGE, accounts.root().pk)


def must_manage(by: Actor) -> None:
    """Raises NotAllowed."""
    by.must(Verb.MANAGE, accounts.root().pk)


def executives() -> Target:
    """Whom "the executives" means here."""
    row = Executives.objects.filter(pk=1).first()
    return Target(TargetKind(row.kind), row.value) if row is not None else MANAGERS


def executives_version() -> int:
    return Executives.objects.filter(pk=1).values_list("version", flat=True).first() or 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A policy that was asked, and what spoke against it. ``code`` is a uuid, or that of a shipped one."""

    code: str
    name: str
    suits: Suits


@dataclass(frozen=True, slots=True)
class Chosen:
    """``plan`` None: no policy suits, nobody is called. ``asked``: in order, up to the one that counts."""

    place: Organisation
    code: str
    name: str
    plan: Plan | None
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """What the policies are asked about."""

    place: Organisation
    case: Circumstances
    above: frozenset[str]
    calendar: Calendar
    at: datetime

    def suits(self, match: Match) -> Suits:
        return escalation.suits(match, self.case, above=self.above, calendar=self.calendar, now=self.at)


_PLACE = Prepared(lambda uuid: Organisation.objects.filter(uuid=uuid)[:1], uuid=UUID)
_IN_USE = Prepared(
    lambda: Policy.objects.filter(retired_at__isnull=True).select_related("organisation").order_by("place", "pk")
)


def place_of(case: Circumstances) -> Organisation:
    """Raises NotFound."""
    found = next(iter(_PLACE(uuid=UUID(case.organisation))), None)
    if found is None:
        raise NotFound("organisation")
    return found


def choose(case: Circumstances, at: datetime, *, language: str = "") -> Chosen:
    """The first policy of the site that suits, else the shipped ones. Raises NotFound for an unknown organisation."""
    place, site = place_of(case), accounts.site()
    line = accounts.line_of(place)
    above = frozenset(str(one.uuid) for one in line)
    return _choose(_Case(place, case, above, accounts.calendar_along(line, site), at), language or site.language)


def _choose(found: _Case, language: str) -> Chosen:
    asked: list[Asked] = []
    rows = _IN_USE()
    for row in rows:
        asked.append(Asked(str(row.uuid), row.name, found.suits(match_of(row))))
        if asked[-1].suits is Suits.YES:
            return Chosen(found.place, str(row.uuid), row.name, plan_of(row, rows, found.calendar), tuple(asked))
    for code, one in drafts.shipped().items():
        asked.append(Asked(code, one.name[language], found.suits(Match(one.priorities))))
        if asked[-1].suits is Suits.YES:
            plan = shipped_plan(code, found.calendar, language)
            return Chosen(found.place, code, one.name[language], plan, tuple(asked))
    return Chosen(found.place, "", "", None, tuple(asked))


def draft_of(row: Policy) -> PolicyDraft:
    """As somebody would write it."""
    return PolicyDraft(
        name=row.name,
        steps=drafts.kept(row.steps),
        priorities=tuple(row.priorities),
        kinds=tuple(row.kinds),
        organisation=row.organisation.uuid if row.organisation else None,
        hours=row.hours,
        repeats=row.repeats,
        patience=row.patience,
        timeout=row.timeout,
        follow=row.follow.uuid if row.follow else None,
        why_ja=row.why_ja,
        why_en=row.why_en,
    )


def history(row: Policy) -> PolicyHistory:
    """All it ever said, the newest first."""
    kept = row.versions.all()
    versions = tuple(Version(one.number, drafts.policy(one.terms), one.why, one.made_by, one.at) for one in kept)
    return History(row, versions, accounts.names_of([one.made_by for one in versions]))


def match_of(row: Policy) -> Match:
    return Match(tuple(row.priorities), tuple(row.kinds), _uuid(row.organisation), row.hours)


def _uuid(place: Organisation | None) -> str:
    return str(place.uuid) if place is not None else ""


def plan_of(row: Policy, known: Sequence[Policy], calendar: Calendar) -> Plan:
    """The copy a run takes: this policy and those that follow it."""
    timeout = timedelta(minutes=row.timeout) if row.timeout else None
    return Plan(
        tuple(_chapters(row, known)), calendar, timeout, {"ja": row.why_ja, "en": row.why_en} if row.why_ja else None
    )


def _chapters(row: Policy, known: Sequence[Policy]) -> Iterator[Chapter]:
    by_key = {one.pk: one for one in known}
    here: Policy | None = row
    for _ in range(escalation.MOST_FOLLOWING + 1):
        if here is None:
            return
        steps = drafts.kept(here.steps)
        yield drafts.chapter(str(here.uuid), here.name, steps, repeats=here.repeats, patience=here.patience)
        here = by_key.get(here.follow_id) if here.follow_id is not None else None


def shipped_plan(code: str, calendar: Calendar, language: str) -> Plan:
    one = drafts.shipped()[code]
    first = drafts.chapter(code, one.name[language], one.steps, repeats=one.repeats, patience=one.patience)
    return Plan((first,), calendar, None, dict(one.why))
