"""How the site's channels are set up, and which hosts inside the network may be called."""

import re
from collections.abc import Mapping
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.ways import Kind
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.http.guard import plain
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.versions import must_be_current
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.notify import facts, setups, states, tokens
from hikeshi.notify.actions.queueing import queue
from hikeshi.notify.channels import fields
from hikeshi.notify.messages import Message, Purpose
from hikeshi.notify.models import Bounds, Channel
from hikeshi.notify.permissions import Verb

TOPICS: Final = ("channels",)
MOST: Final = 10_000
_HOST: Final = re.compile(r"[a-z0-9._-]{1,253}(:\d{1,5})?|[0-9a-f:]{2,45}")
MOST_HOSTS: Final = 200
KEEP: Final = "\u2022" * 8
"""What a form sends back for a secret that nobody typed anew."""


@action
def set_channel(
    *,
    by: Actor,
    kind: str,
    on: bool = True,
    given: Mapping[str, str] | None = None,
    per_minute: int = 0,
    version: int | None = None,
) -> Channel:
    """``given``: settings by name; a secret that is left out or empty stays as it is. Raises NotAllowed, NotFound,
    Invalid, Conflict.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    if kind not in fields.FIELDS:
        raise NotFound("channel")
    row = Channel.objects.select_for_update().filter(kind=kind).first()
    yours = {"on": str(on), "per_minute": str(per_minute)}
    theirs = {"on": str(row.on), "per_minute": str(row.per_minute)} if row else yours
    must_be_current(read=version, now=row.version if row else 0, yours=yours, theirs=theirs)
    if not 0 <= per_minute <= MOST:
        raise Invalid("per_minute", "out_of_range", low=0, high=MOST)
    kept = setups.unseal(row.sealed) if row else {}
    open_, secret = fields.read(kind, given or {}, was_plain=row.plain if row else {}, was_secret=kept, on=on)
    if on and kind == Kind.MAIL:
        tokens.check(open_, secret, auth="auth", security="security", user="sender")
        if open_.get("imap_host"):
            tokens.check(open_, secret, auth="imap_auth", security="imap_security", user="imap_username")

    row = row or Channel(kind=kind, version=0)
    row.on, row.plain, row.per_minute = on, open_, per_minute
    row.sealed = row.sealed if secret == kept else setups.seal(secret)
    row.version += 1
    row.failures, row.broken_at, row.trouble = 0, None, ""  # what was mended is tried again
    row.changed_by, row.changed_at = by.ref, clock.now()
    row.save()

    fact = facts.ChannelSet(kind=kind, on=on, content=states.digest(row))
    record(fact, subject=f"channel:{kind}", by=by, topics=TOPICS)
    return row


@action
def remove_channel(*, by: Actor, kind: str) -> None:
    """All that is set of it is forgotten, its secrets too. Raises NotAllowed, NotFound; Invalid where others have
    subscribed with keys that the desk made.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = Channel.objects.select_for_update().filter(kind=kind).first()
    if row is None:
        raise NotFound("channel")
    if any(name.startswith(fields.OWN) for name in setups.unseal(row.sealed)):
        raise Invalid("channel", "channel_keys")

    row.delete()

    record(facts.ChannelRemoved(kind=kind), subject=f"channel:{kind}", by=by, topics=TOPICS)


@action
def set_hosts(*, by: Actor, hosts: str, window: int = 20, version: int | None = None) -> Bounds:
    """``hosts``: one a line. Raises NotAllowed, Invalid, Conflict."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = Bounds.objects.select_for_update().filter(pk=1).first() or Bounds(pk=1, version=0)
    names = list(dict.fromkeys(plain(one) for one in hosts.split()))
    yours, theirs = {"hosts": "\n".join(names), "window": str(window)}, {"hosts": row.hosts, "window": str(row.window)}
    must_be_current(read=version, now=row.version, yours=yours, theirs=theirs)
    for name in names:
        if not _HOST.fullmatch(name):
            raise Invalid("hosts", "not_a_host", host=name[:60])
    if len(names) > MOST_HOSTS:
        raise Invalid("hosts", "too_many", limit=MOST_HOSTS)
    if not 1 <= window <= 600:
        raise Invalid("window", "out_of_range", low=1, high=600)

    row.hosts, row.window = "\n".join(names), window
    row.version += 1
    row.changed_by, row.changed_at = by.ref, clock.now()
    row.save()

    record(facts.HostsSet(hosts=tuple(names), window=window), subject="bounds:1", by=by, topics=TOPICS)
    return row


@action
def try_channel(*, by: Actor, way: str) -> str:
    """A test call to one of one's own ways, to be answered there. Raises NotAllowed, NotFound."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    message = Message(
        purpose=Purpose.CANARY,
        subject="canary:channel",
        world=World.REAL,
        to=by.ref,
        key=f"canary:{uuid7()}",
        urgency=2,
        ways=(way,),
    )
    return queue(by=by, message=message)
