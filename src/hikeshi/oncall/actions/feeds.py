"""Addresses at which calendar programs read duty: shown once, kept as a digest, revocable."""

from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import sealing
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.ledger.acts import action, record
from hikeshi.oncall.facts import rotas as facts
from hikeshi.oncall.models import Feed
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import feeds, rotas

MOST: Final = 20


@action
def open_feed(*, by: Actor, rota: UUID | None = None) -> str:
    """The secret of the address, shown this once: of one rota, or of the reader's own duty in all of them. It ends when
    the reader may no longer see it. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.VIEW)
    holder = accounts.myself(by)
    if holder is None:
        raise NotAllowed(Verb.VIEW)
    row = rotas.rota(by, rota) if rota else None
    if len(feeds.mine(by)) >= MOST:
        raise Invalid("rota", "too_many", limit=MOST)

    secret = sealing.new_token()
    made = Feed.objects.create(person=holder, rota=row, digest=sealing.digest(secret), hint=secret[-4:])

    fact = facts.FeedOpened(feed=made.uuid, person=holder.uuid, rota=row.uuid if row else None, digest=made.digest)
    record(fact, subject=by.ref, by=by)
    return secret


@action
def revoke_feed(*, by: Actor, feed: UUID) -> None:
    """One's own. Raises NotAllowed, NotFound."""
    by.must(Verb.VIEW)
    row = feeds.feed(by, feed)
    row.revoked_at = clock.now()
    row.save(update_fields=["revoked_at"])
    record(facts.FeedRevoked(feed=row.uuid, person=row.person.uuid), subject=by.ref, by=by)
