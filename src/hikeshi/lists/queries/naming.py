"""People, teams and places that conditions name, and those a reader can choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation, Person
from hikeshi.accounts.permissions import Verb as Accounts
from hikeshi.incidents.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.lists.conditions import Condition, as_uuid
from hikeshi.lists.fields import Field, Op

MOST = 500


@dataclass(frozen=True, slots=True)
class Choices:
    """Uuid to name. ``answers``: of whoever knows the site's forms, `form.question.choice` to its words; ``questions``:
    by operator, `form.question` to its words.
    """

    people: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    questions: Mapping[Op, Mapping[str, str]] = field(default_factory=dict)

    def of(self, name: Field) -> Mapping[str, str]:
        known = {Field.OWNER: self.people, Field.TEAM: self.teams, Field.ORGANISATION: self.organisations}
        return {**known, Field.ANSWER: self.answers}.get(name, {})


def choices(by: Actor) -> Choices:
    """What may be chosen: colleagues the reader may look up, teams and places they know."""
    places = Organisation.objects.all()
    if not by.unlimited:
        places = places.filter(pk__in=by.organisations(Verb.VIEW))
    if not by.may(Accounts.VIEW):
        return Choices(organisations=_called(places.values_list("uuid", "name")[:MOST]))
    people = accounts.people(by, active=True).order_by("name", "id")
    return Choices(
        _called(people.values_list("uuid", "name")[:MOST]),
        _called(accounts.teams(by).prefetch_related(None).values_list("uuid", "name")[:MOST]),
        _called(places.values_list("uuid", "name")[:MOST]),
    )


def _called(rows: object) -> dict[str, str]:
    return {str(uuid): name for uuid, name in rows}  # type: ignore[attr-defined]  # pairs, of whichever model


def named(by: Actor, asked: Iterable[Condition]) -> Choices:
    """Only those the conditions name: no query for a field they do not ask."""
    every = list(asked)
    wanted = {
        one: {found for cond in every if cond.field == one for value in cond.values if (found := as_uuid(value))}
        for one in (Field.OWNER, Field.TEAM, Field.ORGANISATION)
    }
    people = Person.objects.filter(uuid__in=wanted[Field.OWNER]).values_list("uuid", "name")
    teams = accounts.teams(by).prefetch_related(None).filter(uuid__in=wanted[Field.TEAM]).values_list("uuid", "name")
    places = Organisation.objects.filter(uuid__in=wanted[Field.ORGANISATION]).values_list("uuid", "name")
    return Choices(
        _called(people) if wanted[Field.OWNER] else {},
        _called(teams) if wanted[Field.TEAM] else {},
        _called(places) if wanted[Field.ORGANISATION] else {},
    )
