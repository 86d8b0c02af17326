"""Second factors are kept by django-allauth; what became of them is recorded here."""

from collections.abc import Mapping
from uuid import UUID

from allauth.mfa.models import Authenticator

from hikeshi.accounts import facts, queries
from hikeshi.accounts.actions.rights import TOPICS, must_outrank
from hikeshi.accounts.models import Person
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.second_factors import Factor
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.ledger.acts import action, record


@action
def note_second_factors(*, by: Actor, before: Mapping[int, Factor]) -> None:
    """Records what has changed of one's own factors since ``before`` (queries.second_factors). Raises NotAllowed."""
    mine = queries.myself(by)
    if mine is None:
        raise NotAllowed(Verb.MANAGE)
    after = queries.second_factors(mine)
    for number in before.keys() - after.keys():
        _record_removal(by, mine, before[number])
    for number in after.keys() - before.keys():
        factor = after[number]
        stored = commit(factor.stored, mine.secret)
        fact = facts.SecondFactorAdded(person=mine.uuid, factor=number, method=factor.method, stored=stored)
        record(fact, subject=f"person:{mine.uuid}", by=by, topics=TOPICS)


@action
def remove_second_factor(*, by: Actor, number: int) -> None:
    """One of one's own; with the last real one go the recovery codes. Raises NotAllowed, NotFound."""
    mine = queries.myself(by)
    if mine is None:
        raise NotAllowed(Verb.MANAGE)
    held = queries.second_factors(mine)
    if number not in held:
        raise NotFound("second_factor")
    left = [factor for factor in held.values() if factor.number != number]
    gone = [held[number]]
    if all(factor.method is facts.Method.RECOVERY_CODE for factor in left):
        gone += left
    for factor in gone:
        _record_removal(by, mine, factor)
    Authenticator.objects.filter(user=mine, pk__in=[factor.number for factor in gone]).delete()


@action
def remove_second_factors(*, by: Actor, person: UUID) -> None:
    """For somebody who lost theirs: all of them, recovery codes included. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    holder = queries.person(by, person)
    must_outrank(by, holder)
    for factor in queries.second_factors(holder).values():
        _record_removal(by, holder, factor)
    Authenticator.objects.filter(user=holder).delete()


def _record_removal(by: Actor, holder: Person, factor: Factor) -> None:
    fact = facts.SecondFactorRemoved(person=holder.uuid, factor=factor.number, method=factor.method)
    record(fact, subject=f"person:{holder.uuid}", by=by, topics=TOPICS)
