"""Signing in and out: tries are written down before they are weighed, so that a crowd of them cannot slip through."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from hikeshi.accounts import facts, networks, queries
from hikeshi.accounts.actions.rights import TOPICS
from hikeshi.accounts.models import Attempt, Outcome, Person, Session
from hikeshi.accounts.refusals import Wait
from hikeshi.accounts.steps import Step
from hikeshi.accounts.throttle import NONE, wait
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.ledger.acts import action, record


@action
def open_attempt(
    *, by: Actor, step: Step, username: str, address: str, device: str = "", known_device: str = ""
) -> Attempt:
    """The try, written down; it counts as failed until settled. ``username`` may be anything somebody typed.

    Committed before ``weigh_attempt`` counts: of many tries at once, each then sees those committed before it, so no
    more get through than one after the other would.
    """
    _must_be_the_desk(by)
    account = queries.account_key(username)
    person = Person.objects.filter(username=Person.normalize_username(username)).first()
    return Attempt.objects.create(
        step=step,
        account=account,
        person=person,
        address=address[:64],
        network=networks.network(address),
        device=device[:300],
        known_device=known_device,
    )


@action
def weigh_attempt(*, by: Actor, attempt: UUID) -> None:
    """Raises Wait where this try comes too soon; it is then as if it had not been made."""
    _must_be_the_desk(by)
    tried = _attempt(attempt)
    left = wait(queries.throttle_record(tried), clock.now())
    if left > NONE:
        raise Wait(left)


@action
def drop_attempt(*, by: Actor, attempt: UUID) -> None:
    """A try that was turned away unweighed must not make the next wait longer."""
    _must_be_the_desk(by)
    Attempt.objects.filter(uuid=attempt, outcome=Outcome.OPEN).delete()


@action
def settle_attempt(*, by: Actor, attempt: UUID, passed: bool, proof: str = "") -> bool:
    """How the try ended. False where ``proof``, a one-time code, was used for this person before: it then failed."""
    _must_be_the_desk(by)
    tried = _attempt(attempt)
    if passed and proof:
        passed = _first_use(tried, proof)
    if not _keep(tried, Outcome.PASSED if passed else Outcome.FAILED):
        tried.proof, passed = "", False  # the same code was accepted elsewhere at this moment
        _keep(tried, Outcome.FAILED)
    if not passed:
        fact = facts.SignInFailed(
            attempt=tried.uuid,
            person=tried.person.uuid if tried.person else None,
            step=tried.step,
            address=commit(tried.address, tried.secret),
        )
        subject = f"person:{tried.person.uuid}" if tried.person else "site:1"
        record(fact, subject=subject, by=by, topics=TOPICS)
    return passed


def _first_use(tried: Attempt, proof: str) -> bool:
    """A one-time code counts once, in every process of the site (the library remembers it in one process only).

    Dated, since six digits come back some day; the day before counts too, for a code used over midnight.
    """
    today = clock.now().date()
    proofs = [queries.proof_key(tried.account, day, proof) for day in (today, today - timedelta(days=1))]
    if Attempt.objects.filter(account=tried.account, proof__in=proofs).exists():
        return False
    tried.proof = proofs[0]
    return True


def _keep(tried: Attempt, outcome: Outcome) -> bool:
    """False where ``proof``, unique in the table, has just been kept by another try."""
    tried.outcome = outcome
    try:
        with transaction.atomic():
            tried.save(update_fields=["outcome", "proof"])
    except IntegrityError:
        return False
    return True


@action
def note_sign_in(*, by: Actor, session: UUID, methods: Sequence[facts.Method], address: str) -> None:
    """Records that the person is in. Raises NotAllowed for anybody but a person."""
    person = _person(by)
    fact = facts.SignedIn(
        person=person.uuid, session=session, methods=tuple(methods), address=commit(address, person.secret)
    )
    record(fact, subject=f"person:{person.uuid}", by=by, topics=TOPICS)


@action
def note_sign_out(*, by: Actor, session: UUID) -> None:
    """Raises NotAllowed for anybody but a person."""
    person = _person(by)
    fact = facts.SessionEnded(person=person.uuid, session=session, ending=facts.Ending.SIGNED_OUT)
    record(fact, subject=f"person:{person.uuid}", by=by, topics=TOPICS)


@action
def revoke_session(*, by: Actor, session: UUID) -> None:
    """Signs one of one's own browsers out. Raises NotFound."""
    found = queries.sessions(by).filter(uuid=session).first()
    if found is None:
        raise NotFound("session")
    found.delete()
    fact = facts.SessionEnded(person=_person(by).uuid, session=session, ending=facts.Ending.REVOKED)
    record(fact, subject=by.ref, by=by, topics=TOPICS)


def end_sessions(*, by: Actor, person: Person, ending: facts.Ending, keep: UUID | None = None) -> None:
    """Part of other verbs: every browser of that person but ``keep``."""
    ended = Session.objects.filter(person=person)
    if keep is not None:
        ended = ended.exclude(uuid=keep)
    for uuid in ended.values_list("uuid", flat=True):
        fact = facts.SessionEnded(person=person.uuid, session=uuid, ending=ending)
        record(fact, subject=f"person:{person.uuid}", by=by, topics=TOPICS)
    ended.delete()


def _person(by: Actor) -> Person:
    found = queries.myself(by)
    if found is None or not found.is_active:
        raise NotAllowed("accounts.sign_in")
    return found


def _must_be_the_desk(by: Actor) -> None:
    if not by.unlimited:
        raise NotAllowed("accounts.sign_in")


def _attempt(uuid: UUID) -> Attempt:
    found = Attempt.objects.select_related("person").filter(uuid=uuid).first()
    if found is None:
        raise NotFound("attempt")
    return found
