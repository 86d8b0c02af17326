"""What a step can call, as a form offers it: value and name."""

from collections.abc import Iterable
from uuid import UUID

from hikeshi.accounts import contacts
from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.kernel.acting import Actor
from hikeshi.oncall.queries import policies as kept
from hikeshi.oncall.queries import rotas as duty

Offered = list[tuple[str, str]]


def policies(by: Actor, *, but: UUID | None = None) -> Offered:
    """Those in use that another can go on with."""
    rows = kept.policies(by).filter(retired_at__isnull=True)
    return [(str(row.uuid), row.name) for row in rows if row.uuid != but]


def rotas(by: Actor) -> Offered:
    return [(str(row.uuid), row.name) for row in duty.rotas(by)]


def teams(by: Actor) -> Offered:
    return [(str(uuid), name) for uuid, name in accounts.teams(by).prefetch_related(None).values_list("uuid", "name")]


def parties(by: Actor) -> Offered:
    return [(f"party:{row.uuid}", row.name) for row in contacts.parties(by)]


def webhooks(by: Actor) -> Offered:
    """Parties that have a webhook."""
    rows = parties(by)
    ways = accounts.ways_of([value for value, _ in rows]) if rows else {}
    return [(value, name) for value, name in rows if any(one.kind == "webhook" for one in ways.get(value, ()))]


def usernames(people: Iterable[str]) -> dict[str, str]:
    """By ``person:<uuid>``."""
    wanted = [UUID(one.removeprefix("person:")) for one in people]
    rows = Person.objects.filter(uuid__in=wanted).values_list("uuid", "username") if wanted else ()
    return {f"person:{uuid}": name for uuid, name in rows}
