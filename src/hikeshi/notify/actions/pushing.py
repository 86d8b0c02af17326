"""A browser of one's own that shows calls by itself."""

from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import contacts, reaching
from hikeshi.accounts.ways import Kind
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.acts import action, record
from hikeshi.notify import facts, setups, states
from hikeshi.notify.actions.channels import TOPICS
from hikeshi.notify.channels import push
from hikeshi.notify.models import Channel
from hikeshi.notify.permissions import Verb

DESK: Final = system("push")
LABEL: Final = 80


@action
def prepare_push(*, by: Actor) -> str:
    """The public half of the desk's own key, made at the first time anybody asks: a browser subscribes with it.

    Raises NotAllowed; NotFound where the site switched the channel off.
    """
    _must_be_somebody(by)
    row = Channel.objects.select_for_update().filter(kind=Kind.PUSH).first()
    if row is not None and not row.on:
        raise NotFound("channel")
    secret = setups.unseal(row.sealed) if row else {}
    if push.OWN_KEY not in secret:
        row = row or Channel(kind=Kind.PUSH, version=0)
        secret = {**secret, push.OWN_KEY: push.new_key()}
        row.sealed = setups.seal(secret)
        row.version += 1
        row.changed_by, row.changed_at = DESK.ref, clock.now()
        row.save()
        fact = facts.ChannelSet(kind=Kind.PUSH, on=True, content=states.digest(row))
        record(fact, subject=f"channel:{Kind.PUSH}", by=DESK, topics=TOPICS)
    return push.spell(push.point(push.own_key(secret[push.OWN_KEY])))


@action
def subscribe(*, by: Actor, endpoint: str, p256dh: str, auth: str, device: str = "") -> str:
    """A browser of one's own becomes a way; the ref of it. The same browser again is the same way.

    Raises NotAllowed, Invalid.
    """
    _must_be_somebody(by)
    address = _address(endpoint, p256dh, auth)
    known = reaching.ways_of([by.ref])[by.ref]
    found = next((one.ref for one in known if one.address == address), "")
    if found:
        return found
    made = accounts.add_way(by=by, owner=by.ref, kind=Kind.PUSH, address=address, label=device[:LABEL])
    return str(made.uuid)


@action
def renew_push(*, by: Actor, was: str, endpoint: str, p256dh: str, auth: str) -> bool:
    """The browser's push service gave it another address: the way stays, with its place and the rules that name it, and
    is asked anew for an answer. ``was`` is the old address whole; that the browser knows the secret in it is the proof,
    for nobody need be signed in when this happens. Whether there was such a way. Raises NotAllowed, Invalid.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    address = _address(endpoint, p256dh, auth)
    way = reaching.way_at(Kind.PUSH, was)
    if way is None:
        return False
    if address != was:
        row = contacts.stored_way(by, way)
        as_before = {"label": row.label, "language": row.language, "hours": row.hours}
        accounts.change_way(by=by, way=way, address=address, **as_before)
    return True


def _address(endpoint: str, p256dh: str, auth: str) -> str:
    """Raises Invalid."""
    if not endpoint.startswith("https://") or "#" in endpoint:
        raise Invalid("endpoint", "not_a_web_address")
    _must_be_keys(p256dh, auth)
    return f"{endpoint}#{p256dh}.{auth}"


def _must_be_somebody(by: Actor) -> None:
    if not by.ref.startswith("person:"):
        raise NotAllowed(Verb.VIEW)


def _must_be_keys(p256dh: str, auth: str) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(push.CURVE, push.unspell(p256dh))
        whole = len(push.unspell(p256dh)) == push.POINT and len(push.unspell(auth)) == push.SECRET
    except ValueError:
        whole = False
    if not whole:
        raise Invalid("p256dh", "unknown")
