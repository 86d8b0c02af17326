"""``hikeshi token create|list|revoke``."""

import argparse
import json
from datetime import UTC, datetime, time
from gettext import gettext as _
from uuid import UUID
from zoneinfo import ZoneInfo

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.models import Token
from hikeshi.cli import words
from hikeshi.cli.places import organisation
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import Invalid, NotFound

BY = system("command-line")


def create(options: argparse.Namespace) -> int:
    scope = options.scope or ("intake" if options.source else "api")
    if scope == "api" and not options.user:
        raise Invalid("user", "required")
    person = queries.person_by_username(BY, options.user).uuid if scope == "api" else None
    secret = accounts.create_token(
        by=BY,
        scope=scope,
        source=options.source or "",
        organisation=organisation(BY, options.organisation) if scope != "api" else None,
        person=person,
        name=options.name,
        expires_at=_end_of(options.expires) if options.expires else None,
    )
    words.say(_("The token, shown this once: %(secret)s"), secret=secret)
    return 0


def _end_of(day: str) -> datetime:
    """The last moment of that day where the site is."""
    try:
        wanted = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007  # a day; its zone is the site's
    except ValueError as error:
        raise Invalid("expires", "not_a_date") from error
    return datetime.combine(wanted, time.max, ZoneInfo(queries.site().time_zone)).astimezone(UTC)


def list(options: argparse.Namespace) -> int:  # noqa: A001  # named like its verb
    rows = [_row(token) for token in queries.tokens(BY).select_related("organisation", "person")]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False))
        return 0
    for row in rows:
        print("\t".join(str(value or "-") for value in row.values()))
    return 0


def _row(token: Token) -> dict[str, str | None]:
    return {
        "token": str(token.uuid),
        "scope": token.scope,
        "for": token.source or (token.person.username if token.person else ""),
        "organisation": token.organisation.name,
        "name": token.name,
        "state": _state(token),
        "expires_at": token.expires_at.isoformat() if token.expires_at else None,
    }


def _state(token: Token) -> str:
    if token.revoked_at:
        return "revoked"
    return "expired" if token.expires_at and token.expires_at <= clock.now() else "valid"


def revoke(options: argparse.Namespace) -> int:
    try:
        identifier = UUID(options.token)
    except ValueError as error:
        raise NotFound("token") from error
    accounts.revoke_token(by=BY, token=identifier)
    words.say(_("The token is revoked."))
    return 0
