"""What a calendar program reads, and who may read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import sealing
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.oncall import rota as pure
from hikeshi.oncall.models import Feed, Rota
from hikeshi.oncall.queries import duty, rotas
from hikeshi.oncall.rota import Watch

PAST: Final = timedelta(days=31)
AHEAD: Final = timedelta(days=183)


def mine(by: Actor) -> list[Feed]:
    """The reader's own addresses that still work."""
    rows = Feed.objects.filter(person=by.person_id, person__isnull=False, revoked_at__isnull=True)
    return list(rows.select_related("rota", "person"))


def opened(by: Actor, secret: str) -> Feed:
    """The reader's own of this secret. Raises NotFound."""
    found = next((one for one in mine(by) if one.digest == sealing.digest(secret)), None)
    if found is None:
        raise NotFound("feed")
    return found


def feed(by: Actor, uuid: UUID) -> Feed:
    """Raises NotFound."""
    found = next((one for one in mine(by) if one.uuid == uuid), None)
    if found is None:
        raise NotFound("feed")
    return found


@dataclass(frozen=True, slots=True)
class Shown:
    """The watches of each rota; ``own`` where only those of one person are among them."""

    watches: tuple[tuple[Rota, tuple[Watch, ...]], ...]
    names: Mapping[str, str]
    language: str
    own: bool
    title: str


def shown(secret: str) -> Shown:
    """What that address shows today. Raises NotFound where it is unknown or revoked, or its holder has left or may no
    longer see it: the four are never told apart.
    """
    live = Feed.objects.filter(digest=sealing.digest(secret), revoked_at__isnull=True, person__is_active=True)
    found = live.select_related("person", "rota").first()
    if found is None:
        raise NotFound("feed")
    reader = accounts.actor_of(found.person)
    try:
        rows = [rotas.rota(reader, found.rota.uuid)] if found.rota else list(rotas.rotas(reader))
    except NotAllowed as error:
        raise NotFound("feed") from error
    rows = [row for row in rows if row.retired_at is None]
    now = clock.now()
    plans = rotas.plans(rows, now - PAST, now + AHEAD)
    watches = tuple((row, _of(plans[row.uuid], reader.ref if found.rota is None else "")) for row in rows)
    names = duty.names_in([watch for _, many in watches for watch in many])
    title = found.rota.name if found.rota else found.person.name
    return Shown(watches, names, found.person.language, found.rota is None, title)


def _of(plan: pure.Rota, person: str) -> tuple[Watch, ...]:
    now = clock.now()
    found = pure.watches(plan, now - PAST, now + AHEAD)
    return tuple(one for one in found if one.person and person in ("", one.person))
