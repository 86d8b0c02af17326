"""Whom the rules would give a record to, and why: asked by the engine, by the sheet that assigns, by a dry run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Membership
from hikeshi.accounts.queries import Person
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.models import LinkedAsset
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.incidents.queries import Incident
from hikeshi.incidents.queries.visibility import members
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.load.book import Book, Circumstances, Rule, choose_rule
from hikeshi.load.choosing import Candidate, Choice, choose
from hikeshi.load.models import Turn
from hikeshi.load.queries import weighing
from hikeshi.load.queries.profiles import skilled
from hikeshi.load.queries.settings import in_force
from hikeshi.oncall.models import Rota
from hikeshi.oncall.queries import rotas


@dataclass(frozen=True, slots=True)
class Proposal:
    """``people``: by ref, everybody who was looked at."""

    rule: Rule
    choice: Choice
    people: dict[str, Person]
    skills: str
    """The rule's, in words."""

    @property
    def person(self) -> Person | None:
        best = self.choice.best
        return self.people[best.person] if best is not None else None


def proposal(record: Incident) -> Proposal | None:
    """Of a record the reader has just found; None where no rule is meant for it."""
    book = in_force().book
    rule = choose_rule(book, circumstances(record)) if any(one.on for one in book.rules) else None
    return _proposal(book, rule, record) if rule is not None else None


def try_rule(by: Actor, code: str, ref: str) -> Proposal:
    """As if the record were opened now and the rule fitted it. Raises NotFound."""
    book, record = in_force().book, incidents.incident(by, ref)
    rule = book.rule(code)
    if rule is None:
        raise NotFound("rule")
    return _proposal(book, rule, record)


def circumstances(record: Incident) -> Circumstances:
    linked = LinkedAsset.objects.filter(incident=record, removed_at=None).values_list("asset__uuid", flat=True)
    return Circumstances(
        priority=record.priority,
        record_class=record.record_class,
        kind=record.kind,
        places=frozenset(accounts.uuids_above(record.organisation)),
        assets=frozenset(str(uuid) for uuid in linked),
    )


def _proposal(book: Book, rule: Rule, record: Incident) -> Proposal:
    people = {f"person:{one.uuid}": one for one in among(rule)}
    words = ", ".join(book.names[one] for one in rule.skills if one in book.names)
    return Proposal(rule, choose(rule.needs, _candidates(rule, record, people)), people, words)


def among(rule: Rule) -> list[Person]:
    """Everybody the rule may mean, whether or not they are there."""
    if rule.team:
        in_team = Membership.objects.filter(team__uuid=rule.team).values("person")
        return list(Person.objects.filter(pk__in=in_team).order_by("pk"))
    row = Rota.objects.filter(uuid=rule.rota, retired_at__isnull=True).first() if rule.rota else None
    if row is None:
        return []
    named = {uuid for one in rotas.terms_of(row).layers for uuid in one.people}
    now = clock.now()
    standing_in = {
        UUID(one.removeprefix("person:"))
        for one in weighing.duty(now, now, only=rule.rota)
        if one.startswith("person:")
    }
    return list(Person.objects.filter(uuid__in=named | standing_in).order_by("pk"))


def _candidates(rule: Rule, record: Incident, people: dict[str, Person]) -> list[Candidate]:
    ids, now = [one.pk for one in people.values()], clock.now()
    able = _able(record, ids)
    inside = members(record) if record.restricted else frozenset(ids)
    away = _away(ids, now)
    duty = weighing.duty(now, now, only=rule.rota)
    loads, tasks, profiles = weighing.everything(ids), weighing.tasks(ids), skilled(ids)
    given = dict(Turn.objects.filter(rule=rule.code, person__in=ids).values_list("person", "at"))
    found = []
    for ref, one in people.items():
        load, work, row = loads.get(one.pk), tasks.get(one.pk), profiles.get(one.pk)
        blank = Candidate(ref, may=one.pk in able, let_in=one.pk in inside, away=one.pk in away)
        known = replace(
            blank,
            skills=frozenset(row.skills) if row else frozenset(),
            shift_until=duty[ref].until if ref in duty else None,
            open=load.count if load else 0,
            remaining=(load.minutes if load else 0) + (work.minutes if work else 0),
            given_at=given.get(one.pk),
        )
        found.append(known)
    return found


def _able(record: Incident, ids: Sequence[int]) -> frozenset[int]:
    """Active, and holding both rights there: to see its records and to work on them."""
    workers = incidents.owner_choices(record).filter(pk__in=ids).order_by()
    lookers = accounts.people_who_may(Incidents.VIEW, record.organisation).order_by().values("pk")
    return frozenset(workers.filter(pk__in=lookers).values_list("pk", flat=True))


def _away(ids: Sequence[int], now: datetime) -> frozenset[int]:
    found = weighing.absences(ids, now, now + weighing.WEEK)
    return frozenset(person for person, spells in found.items() if any(begin <= now for begin, _ in spells))
