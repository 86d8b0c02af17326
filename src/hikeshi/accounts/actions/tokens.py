"""Keys of machines: an intake token speaks for a source, an API token for a person."""

from datetime import datetime
from uuid import UUID

from hikeshi.accounts import facts, names, queries, signing
from hikeshi.accounts.actions.rights import TOPICS, must_stand
from hikeshi.accounts.models import Organisation, Person, Scope, Token
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.ledger.acts import action, record


@action
def create_token(
    *,
    by: Actor,
    scope: str,
    source: str = "",
    organisation: UUID | None = None,
    person: UUID | None = None,
    name: str = "",
    expires_at: datetime | None = None,
    secret: str = "",
) -> str:
    """The secret, shown this once. ``organisation`` counts for a source (default: the whole site), ``person`` for API.
    ``secret`` is what a maker signs with where it chose that itself.

    Raises NotAllowed, NotFound, Invalid.
    """
    if expires_at is not None and expires_at <= clock.now():
        raise Invalid("expires_at", "past")
    if expires_at is not None and not clock.everywhere(expires_at.date()):
        raise Invalid("expires_at", "not_plausible")
    if scope in {Scope.INTAKE, Scope.SIGNED}:
        bearer, place = None, _intake_place(by, source, organisation)
    elif scope == Scope.API:
        bearer = _bearer(by, person)
        place, source = bearer.organisation, ""
    else:
        raise Invalid("scope", "unknown")
    must_stand(place)
    kept = signing.made(source, secret) if scope == Scope.SIGNED else signing.token()
    if Token.objects.filter(digest=kept.digest).exists():
        raise Invalid("secret", "secret_taken")
    token = Token.objects.create(
        name=names.title(name or source or "API"),
        digest=kept.digest,
        sealed=kept.sealed,
        hint=kept.secret[-4:],
        scope=scope,
        source=source,
        organisation=place,
        person=bearer,
        expires_at=expires_at,
    )
    _record_creation(by, token)
    return kept.secret


def _intake_place(by: Actor, source: str, organisation: UUID | None) -> Organisation:
    by.must(Verb.MANAGE)
    if not source:
        raise Invalid("source", "required")
    wanted = organisation or queries.root().uuid
    return queries.organisation(by, wanted, Verb.MANAGE)


def _bearer(by: Actor, person: UUID | None) -> Person:
    """Oneself, or anybody where it is asked for at the machine itself. What a person may see is more than the verbs
    they hold: with another's token an administrator would read the restricted records they take part in, unseen.
    """
    if person is None:
        raise Invalid("person", "required")
    bearer = queries.person(by, person)
    if not by.unlimited and by.person_id != bearer.pk:
        raise NotAllowed(Verb.MANAGE)
    return bearer


def _record_creation(by: Actor, token: Token) -> None:
    fact = facts.TokenCreated(
        token=token.uuid,
        scope=token.scope,
        source=token.source,
        organisation=token.organisation.uuid,
        person=token.person.uuid if token.person else None,
        stored=token.digest,
        expires_at=token.expires_at,
    )
    record(fact, subject=f"token:{token.uuid}", by=by, topics=TOPICS)


@action
def revoke_token(*, by: Actor, token: UUID) -> None:
    """One's own, or one of an organisation one manages. Raises NotAllowed, NotFound."""
    gone = queries.token(by, token)
    if gone.person_id is None or gone.person_id != by.person_id:
        by.must(Verb.MANAGE, gone.organisation_id)
    if gone.revoked_at is None:
        gone.revoked_at = clock.now()
        gone.save(update_fields=["revoked_at"])
        record(facts.TokenRevoked(token=gone.uuid), subject=f"token:{gone.uuid}", by=by, topics=TOPICS)
