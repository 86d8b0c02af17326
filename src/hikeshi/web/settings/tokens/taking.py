"""Tokens to take away: what each is for, never what it is."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.queries import Organisation, Person, Token
from hikeshi.web import lists
from hikeshi.web.access import SignedIn
from hikeshi.web.lists import Column

COLUMNS: Sequence[Column[Token]] = (
    Column("name", _("Name"), lambda it: it.name),
    Column("scope", _("What it is for"), lambda it: it.scope, "token_scope"),
    Column("source", _("Source"), lambda it: it.source),
    Column("person", _("Used by"), lambda it: it.person.name if it.person else ""),
    Column("organisation", _("Organisation"), lambda it: it.organisation.name),
    Column("hint", _("Ends with"), lambda it: it.hint),
    Column("created_at", _("Made"), lambda it: it.created_at),
    Column("expires_at", _("Valid until"), lambda it: it.expires_at),
    Column("revoked_at", _("Revoked"), lambda it: it.revoked_at),
    Column("uuid", _("Identifier"), lambda it: str(it.uuid)),
)


def _rows(request: SignedIn) -> lists.Pages[Token]:
    request.actor.must(Verb.MANAGE)
    return lists.newest(queries.tokens(request.actor), (("organisation", Organisation), ("person", Person)))


taken = lists.view(lists.List("tokens", _("Tokens"), COLUMNS), _rows)
