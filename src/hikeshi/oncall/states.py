"""How the rows of rotas look to ``hikeshi verify --state``."""

from collections.abc import Iterator
from datetime import UTC, datetime

from hikeshi.kernel.facts import commit
from hikeshi.ledger import states
from hikeshi.oncall import terms
from hikeshi.oncall.models import Absence, Cover, Feed, Rota, Subscription, Swap
from hikeshi.oncall.queries.rotas import terms_of


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def _rotas() -> Iterator[tuple[str, states.Columns]]:
    for row in Rota.objects.select_related("organisation").order_by("pk"):
        content = commit(terms.digest(terms_of(row)), row.secret).digest
        columns: states.Columns = {
            "organisation": str(row.organisation.uuid),
            "content": content,
            "retired": row.retired_at is not None,
        }
        yield str(row.uuid), columns


def _covers() -> Iterator[tuple[str, states.Columns]]:
    for row in Cover.objects.select_related("rota", "person").order_by("pk").iterator():
        columns: states.Columns = {
            "rota": str(row.rota.uuid),
            "person": str(row.person.uuid),
            "begins_at": _moment(row.begins_at),
            "ends_at": _moment(row.ends_at),
        }
        yield str(row.uuid), columns


def _absences() -> Iterator[tuple[str, states.Columns]]:
    for row in Absence.objects.select_related("person", "substitute").order_by("pk").iterator():
        columns: states.Columns = {
            "person": str(row.person.uuid),
            "begins_at": _moment(row.begins_at),
            "ends_at": _moment(row.ends_at),
            "substitute": str(row.substitute.uuid) if row.substitute else None,
        }
        yield str(row.uuid), columns


def _swaps() -> Iterator[tuple[str, states.Columns]]:
    for row in Swap.objects.select_related("rota", "asker", "asked").order_by("pk").iterator():
        columns: states.Columns = {
            "rota": str(row.rota.uuid),
            "asker": str(row.asker.uuid),
            "asked": str(row.asked.uuid) if row.asked else None,
            "state": row.state,
        }
        yield str(row.uuid), columns


def _feeds() -> Iterator[tuple[str, states.Columns]]:
    for row in Feed.objects.select_related("rota", "person").order_by("pk").iterator():
        columns: states.Columns = {
            "person": str(row.person.uuid),
            "rota": str(row.rota.uuid) if row.rota else None,
            "digest": row.digest,
            "revoked": row.revoked_at is not None,
        }
        yield str(row.uuid), columns


def _subscriptions() -> Iterator[tuple[str, states.Columns]]:
    for row in Subscription.objects.select_related("rota", "person").order_by("pk").iterator():
        columns: states.Columns = {
            "rota": str(row.rota.uuid) if row.rota else None,
            "person": str(row.person.uuid) if row.person else None,
            "calendar": str(row.calendar) if row.calendar else None,
            "digest": row.digest,
        }
        yield str(row.uuid), columns


states.register("oncall.rota", _rotas)
states.register("oncall.cover", _covers)
states.register("oncall.absence", _absences)
states.register("oncall.swap", _swaps)
states.register("oncall.feed", _feeds)
states.register("oncall.subscription", _subscriptions)
