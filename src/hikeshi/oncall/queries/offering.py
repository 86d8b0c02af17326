"""What a step can call, as a form offers it: value and name; and what of it a reader may open."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from hikeshi.accounts import contacts
from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation, Person
from hikeshi.accounts.permissions import Verb as Accounts
from hikeshi.kernel.acting import Actor
from hikeshi.oncall.drafts import PolicyDraft
from hikeshi.oncall.escalation import Target, TargetKind
from hikeshi.oncall.models.policies import Policy
from hikeshi.oncall.permissions import Verb
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


def ref_of(target: Target) -> str:
    """With what it is in front, as owners of ways have it."""
    sorts = {TargetKind.ROTA: "rota:", TargetKind.TEAM: "team:"}
    return f"{sorts.get(target.kind, '')}{target.value}"


def seen(by: Actor, refs: Iterable[str]) -> frozenset[str]:
    """Those of these people, parties, teams and rotas (``person:<uuid>`` …) that the reader may look at. At most four
    queries.
    """
    wanted: dict[str, set[UUID]] = {}
    for ref in refs:
        sort, _colon, uuid = ref.partition(":")
        if uuid:
            wanted.setdefault(sort, set()).add(UUID(uuid))
    found = {f"{sort}:{uuid}" for sort, uuids in wanted.items() for uuid in _open(by, sort, uuids)}
    return frozenset(found)


def _open(by: Actor, sort: str, uuids: set[UUID]) -> Iterable[UUID]:
    if sort == "rota":
        rows = duty.rotas(by, retired=None).filter(uuid__in=uuids) if by.may(Verb.VIEW) else None
        return rows.values_list("uuid", flat=True) if rows is not None else ()
    if not by.may(Accounts.VIEW):
        return ()
    match sort:
        case "person":
            return accounts.people(by).filter(uuid__in=uuids).values_list("uuid", flat=True)
        case "party":
            return contacts.seen_parties(by).filter(uuid__in=uuids).values_list("uuid", flat=True)
        case "team":
            found = accounts.teams(by, retired=None).filter(uuid__in=uuids).prefetch_related(None)
            return found.values_list("uuid", flat=True)
    return ()


def named(drafts: Iterable[PolicyDraft]) -> tuple[Mapping[UUID, str], Mapping[UUID, str]]:
    """Names of the organisations and of the policies these speak of."""
    known = list(drafts)
    places = Organisation.objects.filter(uuid__in={one.organisation for one in known if one.organisation})
    following = Policy.objects.filter(uuid__in={one.follow for one in known if one.follow})
    return dict(places.values_list("uuid", "name")), dict(following.values_list("uuid", "name"))
