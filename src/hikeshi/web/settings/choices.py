"""What the selects of these pages offer, and the words for it."""

from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hikeshi.accounts import queries
from hikeshi.accounts.permissions import Verb
from hikeshi.intake import queries as intake
from hikeshi.kernel.acting import Actor
from hikeshi.phrases import labels
from hikeshi.phrases.wording import bracketed

Choices = list[tuple[str, str]]


def organisations(by: Actor, verb: str = Verb.MANAGE) -> Choices:
    """Indented as the tree is; an em space survives where browsers fold plain ones."""
    rows = list(queries.organisations(by, verb).filter(retired_at=None))
    base = min((row.depth for row in rows), default=0)
    return [(str(row.uuid), "\u2003" * (row.depth - base) + row.name) for row in rows]


def roles() -> Choices:
    return [(role.code, role.name or labels.label("account_role", role.code)) for role in queries.roles()]


def sources() -> Choices:
    japanese = (get_language() or "en").startswith("ja")
    return [(one.code, one.name_ja if japanese and one.name_ja else one.name) for one in intake.sources()]


def proofs() -> Choices:
    return [(scope, labels.label("token_scope", scope)) for scope in ("intake", "signed")]


def people(by: Actor) -> Choices:
    return [(str(row.uuid), f"{row.name}{bracketed(row.username)}") for row in queries.people(by, active=True)]


def moved_below(by: Actor, moving: UUID) -> Choices:
    """Where an organisation may be moved: anywhere the reader manages but into itself."""
    own = queries.organisation(by, moving)
    inside = {str(row.uuid) for row in queries.organisations(by) if row.path.startswith(own.path)}
    return [(uuid, name) for uuid, name in organisations(by) if uuid not in inside] or [("", _("Nowhere else"))]
