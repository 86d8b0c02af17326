"""Assets: name and number; what machines call them, where they stand, notes."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from hikeshi.assets.codes import Kind
from hikeshi.assets.models import Asset, Identifier
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries.visibility import visible
from hikeshi.finding import operators
from hikeshi.finding.kinds.findable import Findable, Shown
from hikeshi.finding.kinds.incidents import owned
from hikeshi.kernel.acting import Actor
from hikeshi.search.actions import Text


def _said(row: Asset) -> tuple[str, ...]:
    names = ", ".join(one.value for one in row.identifiers.all())
    kept = (names, row.place, row.note, row.minimum_level, row.substitute, row.restore_note)
    return tuple(one for one in kept if one)


def texts(uuids: Collection[UUID]) -> list[Text]:
    rows = Asset.objects.filter(uuid__in=uuids).order_by("pk").prefetch_related("identifiers")
    return [Text(row.uuid, f"{row.name}\n{row.number}", "\n".join(_said(row))) for row in rows]


def shown(by: Actor, uuids: Collection[UUID]) -> Mapping[UUID, Shown]:
    rows = visible(by).filter(uuid__in=uuids).select_related("organisation", "owner").prefetch_related("identifiers")
    return {row.uuid: Shown(row, row.name, _said(row)) for row in rows}


def _kind(by: Actor, value: str) -> Q:
    return Q(kind=operators.choice(value, [one.value for one in Kind]))


def _is(by: Actor, value: str) -> Q:
    code = operators.choice(value, ("active", "retired", "mine", "unassigned"))
    if code in {"mine", "unassigned"}:
        return owned(by, "me" if code == "mine" else "none")
    return Q(retired_at__isnull=code == "active")


def _holding(letters: str) -> Q:
    named = Identifier.objects.filter(asset=OuterRef("pk"), value__icontains=letters)
    found = Q(name__icontains=letters) | Q(number__icontains=letters) | Q(Exists(named))
    for column in ("place", "note", "minimum_level", "substitute", "restore_note"):
        found |= Q(**{f"{column}__icontains": letters})
    return found


ASSETS: Final = Findable(
    kind="asset",
    verb=Verb.VIEW,
    rows=Asset.objects.all,
    visible=visible,
    texts=texts,
    shown=shown,
    holding=_holding,
    narrowing={"kind": _kind, "is": _is, "owner": owned},
)
