"""How the rows of accounts look to ``verify --state``."""

from collections.abc import Iterator
from datetime import UTC

from allauth.mfa.models import Authenticator

from hikeshi.accounts import hours, second_factors
from hikeshi.accounts.models import (
    Calendar,
    Card,
    ContactRules,
    Grant,
    Organisation,
    Party,
    Person,
    Role,
    Site,
    StoredWay,
    Team,
    Token,
)
from hikeshi.kernel.facts import commit
from hikeshi.ledger.states import Columns, register


def _sites() -> Iterator[tuple[str, Columns]]:
    for row in Site.objects.all():
        yield (
            str(row.pk),
            {
                "name": row.name,
                "live": row.live,
                "world": row.world,
                "language": row.language,
                "time_zone": row.time_zone,
                "reading": row.reading,
                "languages": list(row.languages),
                "notice": row.notice,
                "currency": row.currency,
            },
        )


def _calendars() -> Iterator[tuple[str, Columns]]:
    for row in Calendar.objects.order_by("pk"):
        yield str(row.uuid), {"name": row.name, "content": hours.digest(row)}


def _organisations() -> Iterator[tuple[str, Columns]]:
    for row in Organisation.objects.select_related("parent", "calendar").iterator():
        # Rights are read off the path: one that says something else than the parents do gives them to others.
        path = f"{row.parent.path if row.parent else '/'}{row.pk}/"
        parent = row.path if row.path != path else str(row.parent.uuid) if row.parent else None
        chosen = str(row.calendar.uuid) if row.calendar else None
        name, retired = commit(row.name, row.secret).digest, row.retired_at is not None
        yield str(row.uuid), {"parent": parent, "name": name, "calendar": chosen, "retired": retired}


def _people() -> Iterator[tuple[str, Columns]]:
    for row in Person.objects.select_related("organisation").iterator():
        yield (
            str(row.uuid),
            {
                "organisation": str(row.organisation.uuid),
                "username": commit(row.username, row.secret).digest,
                "name": commit(row.name, row.secret).digest,
                "email": commit(row.email, row.secret).digest,
                "password": commit(row.password, row.secret).digest,
                "is_active": row.is_active,
            },
        )


def _roles() -> Iterator[tuple[str, Columns]]:
    for row in Role.objects.all():
        yield row.code, {"verbs": list(row.verbs), "requires_mfa": row.requires_mfa}


def _grants() -> Iterator[tuple[str, Columns]]:
    for row in Grant.objects.select_related("person", "role", "organisation").iterator():
        columns: Columns = {
            "person": str(row.person.uuid),
            "role": row.role.code,
            "organisation": str(row.organisation.uuid),
        }
        yield str(row.uuid), columns


def _teams() -> Iterator[tuple[str, Columns]]:
    for row in Team.objects.select_related("organisation").prefetch_related("memberships__person"):
        people = [one.person for one in row.memberships.all()]
        lead = next((str(one.person.uuid) for one in row.memberships.all() if one.lead), None)
        columns: Columns = {
            "organisation": str(row.organisation.uuid),
            "name": commit(row.name, row.secret).digest,
            "people": [str(uuid) for uuid in sorted(person.uuid for person in people)],
            "lead": lead,
            "retired": row.retired_at is not None,
        }
        yield str(row.uuid), columns


def _tokens() -> Iterator[tuple[str, Columns]]:
    for row in Token.objects.select_related("organisation", "person").iterator():
        columns: Columns = {
            "digest": row.digest,
            "scope": row.scope,
            "source": row.source,
            "organisation": str(row.organisation.uuid),
            "person": str(row.person.uuid) if row.person else None,
            "expires_at": row.expires_at.astimezone(UTC).isoformat() if row.expires_at else None,
            "revoked": row.revoked_at is not None,
        }
        yield str(row.uuid), columns


def _second_factors() -> Iterator[tuple[str, Columns]]:
    for row in Authenticator.objects.select_related("user").iterator():
        stored = commit(second_factors.read(row).stored, row.user.secret).digest
        yield str(row.pk), {"person": str(row.user.uuid), "stored": stored}


def _ways() -> Iterator[tuple[str, Columns]]:
    for row in StoredWay.objects.select_related("person", "party").iterator():
        owner = row.party.ref if row.party else f"person:{row.person.uuid}" if row.person else ""
        address = commit(row.address, row.secret).digest
        yield str(row.uuid), {"owner": owner, "kind": row.kind, "address": address, "trouble": row.trouble}


def _cards() -> Iterator[tuple[str, Columns]]:
    for row in Card.objects.select_related("person", "deputy").iterator():
        yield str(row.person.uuid), {"deputy": str(row.deputy.uuid) if row.deputy else None}


def _parties() -> Iterator[tuple[str, Columns]]:
    for row in Party.objects.select_related("organisation", "under").iterator():
        columns: Columns = {
            "organisation": str(row.organisation.uuid),
            "under": str(row.under.uuid) if row.under else None,
            "kind": row.kind,
            "title": commit(row.name, row.secret).digest,
            "retired": row.retired_at is not None,
        }
        yield str(row.uuid), columns


def _contact_rules() -> Iterator[tuple[str, Columns]]:
    for row in ContactRules.objects.select_related("keeper"):
        columns: Columns = {
            "stale_days": row.stale_days,
            "check_days": row.check_days,
            "answer_hours": row.answer_hours,
            "country": row.country,
            "keeper": str(row.keeper.uuid) if row.keeper else None,
        }
        yield str(row.pk), columns


def register_all() -> None:
    register("accounts.site", _sites)
    register("accounts.calendar", _calendars)
    register("accounts.organisation", _organisations)
    register("accounts.person", _people)
    register("accounts.role", _roles)
    register("accounts.grant", _grants)
    register("accounts.team", _teams)
    register("accounts.token", _tokens)
    register("accounts.second_factor", _second_factors)
    register("accounts.way", _ways)
    register("accounts.card", _cards)
    register("accounts.party", _parties)
    register("accounts.contact_rules", _contact_rules)
