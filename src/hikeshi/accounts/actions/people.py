"""People come, change and go."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from hikeshi.accounts import facts, names, queries, sealing, zones
from hikeshi.accounts.actions import signing_in, ways
from hikeshi.accounts.actions.rights import TOPICS, must_leave_an_administrator, must_outrank, must_stand
from hikeshi.accounts.models import Invitation, Language, Person, Theme
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.ledger.acts import action, record

INVITATION_LASTS: Final = timedelta(hours=24)


@action
def add_person(
    *, by: Actor, username: str, name: str, organisation: UUID, email: str = "", language: str = "", password: str = ""
) -> Person:
    """Without a password they cannot sign in until they have been invited. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    must_stand(place)
    person = Person(
        username=names.username(username), name=names.title(name), email=names.email(email), organisation=place
    )
    if Person.objects.filter(username=person.username).exists():
        raise Invalid("username", "taken")
    site = queries.site()
    person.language = _choice("language", language or site.language, Language.values)
    person.time_zone = site.time_zone
    _write_password(person, password)
    person.save()
    record_arrivals(by, [person])
    if password:
        record_password(by, person)
    return person


def record_arrivals(by: Actor, people: Sequence[Person]) -> None:
    """And the way each is reached by from now on: their address."""
    for person in people:
        fact = facts.PersonAdded(
            person=person.uuid,
            organisation=person.organisation.uuid,
            username=commit(person.username, person.secret),
            title=commit(person.name, person.secret),
            email=commit(person.email, person.secret),
        )
        record(fact, subject=f"person:{person.uuid}", by=by, topics=TOPICS)
    ways.take_up_mail(by, people)


@action
def move_person(*, by: Actor, person: UUID, organisation: UUID) -> Person:
    """Whom they belong to. Their roles stay where they were given. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    moved = queries.person(by, person)
    must_outrank(by, moved)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    must_stand(place)
    if moved.organisation_id == place.pk:
        return moved
    moved.organisation = place
    moved.save(update_fields=["organisation"])
    record_move(by, moved)
    return moved


def record_move(by: Actor, person: Person) -> None:
    fact = facts.PersonMoved(person=person.uuid, organisation=person.organisation.uuid)
    record(fact, subject=f"person:{person.uuid}", by=by, topics=TOPICS)


@action
def sign_out_person(*, by: Actor, person: UUID) -> Person:
    """Every browser of somebody: a lost notebook, a stolen session. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    out = queries.person(by, person)
    must_outrank(by, out)
    signing_in.end_sessions(by=by, person=out, ending=facts.Ending.REVOKED)
    return out


@action
def edit_person(*, by: Actor, person: UUID, name: str, email: str) -> Person:
    """One's own, or somebody's whom one manages. Raises NotAllowed, NotFound, Invalid."""
    changed = queries.person(by, person)
    if by.person_id != changed.pk:
        must_outrank(by, changed)
    before = changed.email
    changed.name, changed.email = names.title(name), names.email(email)
    changed.save(update_fields=["name", "email"])
    record_change(by, changed, before)
    return changed


def record_change(by: Actor, person: Person, before: str) -> None:
    """``before``: the address they had."""
    fact = facts.PersonChanged(
        person=person.uuid, title=commit(person.name, person.secret), email=commit(person.email, person.secret)
    )
    record(fact, subject=f"person:{person.uuid}", by=by, topics=TOPICS)
    if person.email != before:
        ways.follow_mail(by, person, before)


@action
def set_preferences(*, by: Actor, language: str, time_zone: str, theme: str) -> Person:
    """How the desk looks to oneself; no fact, since it concerns nobody else. Raises NotAllowed, Invalid."""
    mine = queries.myself(by)
    if mine is None:
        raise NotAllowed(Verb.MANAGE)
    mine.language = _choice("language", language, Language.values)
    mine.theme = _choice("theme", theme, Theme.values)
    mine.time_zone = zones.proper(time_zone)
    mine.save(update_fields=["language", "theme", "time_zone"])
    return mine


@action
def deactivate_person(*, by: Actor, person: UUID) -> Person:
    """Signs them out everywhere. Raises NotAllowed, NotFound, Invalid for the last administrator."""
    by.must(Verb.MANAGE)
    gone = queries.person(by, person)
    must_outrank(by, gone)
    if not gone.is_active:
        return gone
    gone.is_active = False
    gone.save(update_fields=["is_active"])
    must_leave_an_administrator()
    record(facts.PersonDeactivated(person=gone.uuid), subject=f"person:{gone.uuid}", by=by, topics=TOPICS)
    signing_in.end_sessions(by=by, person=gone, ending=facts.Ending.DEACTIVATED)
    return gone


@action
def reactivate_person(*, by: Actor, person: UUID) -> Person:
    """Their grants were kept. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    back = queries.person(by, person)
    back.is_active = True  # before ranking, so that the rights they come back with are weighed
    must_outrank(by, back)
    back.save(update_fields=["is_active"])
    record(facts.PersonReactivated(person=back.uuid), subject=f"person:{back.uuid}", by=by, topics=TOPICS)
    return back


@action
def set_password(*, by: Actor, person: UUID, password: str, keep_session: UUID | None = None) -> Person:
    """Signs them out everywhere but in ``keep_session``. Raises NotAllowed, NotFound, Invalid."""
    changed = queries.person(by, person)
    if by.person_id != changed.pk:
        must_outrank(by, changed)
    if not password:
        raise Invalid("password", "required")
    _write_password(changed, password)
    changed.save(update_fields=["password"])
    record_password(by, changed)
    Invitation.objects.filter(person=changed, used_at__isnull=True).delete()
    signing_in.end_sessions(by=by, person=changed, ending=facts.Ending.PASSWORD_CHANGED, keep=keep_session)
    return changed


@action
def invite(*, by: Actor, person: UUID) -> str:
    """The secret of a link by which they choose a password; it replaces earlier links. Raises NotAllowed, NotFound."""
    by.must(Verb.MANAGE)
    invited = queries.person(by, person)
    must_outrank(by, invited)
    secret = sealing.new_token()
    expires_at = clock.now() + INVITATION_LASTS
    Invitation.objects.filter(person=invited, used_at__isnull=True).delete()
    Invitation.objects.create(person=invited, digest=sealing.digest(secret), expires_at=expires_at)
    fact = facts.Invited(person=invited.uuid, expires_at=expires_at)
    record(fact, subject=f"person:{invited.uuid}", by=by, topics=TOPICS)
    return secret


@action
def accept_invitation(*, by: Actor, secret: str, password: str) -> Person:
    """Whoever holds the link acts as the person it is for. Raises NotAllowed, NotFound, Invalid."""
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    invitation = queries.invitation(secret)
    used = Invitation.objects.filter(pk=invitation.pk, used_at__isnull=True).update(used_at=clock.now())
    if not used:
        raise Invalid("invitation", "used")
    return set_password(by=queries.actor_of(invitation.person), person=invitation.person.uuid, password=password)


def _write_password(person: Person, password: str) -> None:
    if not password:
        person.set_unusable_password()
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Invalid("password", error.error_list[0].code or "weak", **_limits(error)) from error
    person.set_password(password)


def _limits(error: ValidationError) -> dict[str, str]:
    params = error.error_list[0].params or {}
    return {name: str(value) for name, value in params.items()}


def record_password(by: Actor, person: Person) -> None:
    fact = facts.PasswordSet(person=person.uuid, stored=commit(person.password, person.secret))
    record(fact, subject=f"person:{person.uuid}", by=by, topics=TOPICS)


def _choice(field: str, value: str, known: list[str]) -> str:
    if value not in known:
        raise Invalid(field, "unknown")
    return value
