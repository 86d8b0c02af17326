"""What may be read of chat tools."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Count, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound
from hikeshi.rooms import sealed
from hikeshi.rooms.makers import FOR_ROOMS, Maker
from hikeshi.rooms.models import Errand, ErrandKind, Room
from hikeshi.rooms.models import Link as Link  # handed on, for surfaces to name what they are given
from hikeshi.rooms.models import Workspace as Workspace
from hikeshi.rooms.permissions import Verb


@dataclass(frozen=True, slots=True)
class Door:
    """What the chat door knows of a workspace while it looks at something that arrived."""

    uuid: UUID
    maker: Maker
    plain: Mapping[str, str]
    secret: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class WorkspaceView:
    """``kept``: names of the secrets that are set; what they are, nobody reads."""

    row: Workspace
    kept: frozenset[str]
    checked: Errand | None


@dataclass(frozen=True, slots=True)
class PlaceOfRecord:
    """A workspace, and the room it has for a record, if any. ``able``: it can make one."""

    row: Workspace
    room: Room | None
    able: bool

    @property
    def state(self) -> str:
        return str(self.room.state) if self.room is not None else "none"

    @property
    def can_make(self) -> bool:
        return self.able and self.state in {"none", "failed", "closed"}

    @property
    def can_close(self) -> bool:
        return self.state == "open"


def may_configure(by: Actor) -> bool:
    return by.may(Verb.CONFIGURE, accounts.root().pk)


def workspaces(by: Actor) -> QuerySet[Workspace]:
    """Every one, with how many people are known there. Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    return Workspace.objects.annotate(people=Count("links"))


def workspace(by: Actor, uuid: UUID) -> WorkspaceView:
    """Raises NotAllowed, NotFound."""
    row = workspaces(by).filter(uuid=uuid).first()
    if row is None:
        raise NotFound("workspace")
    checked = row.errands.filter(kind=ErrandKind.CHECK).order_by("-id").first()
    return WorkspaceView(row, frozenset(sealed.unseal(row.sealed)), checked)


def links(by: Actor, row: Workspace) -> QuerySet[Link]:
    """Who is known there. Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    return row.links.select_related("person").order_by("person__name", "id")


_ON = Prepared(lambda: Workspace.objects.filter(on=True).values_list("pk")[:1])


def any_on() -> bool:
    """Whether this site has any chat tool at all: without, nobody hears of it."""
    return bool(_ON())


def own_links(by: Actor) -> list[tuple[Workspace, Link | None]]:
    """Every workspace that is on, and the reader's own account there."""
    mine = {link.workspace_id: link for link in Link.objects.filter(person=by.person_id, person__isnull=False)}
    return [(row, mine.get(row.pk)) for row in Workspace.objects.filter(on=True)]


def of_record(subject: str) -> list[PlaceOfRecord]:
    """Where a record has a room, or may have one. For whoever has been shown the record: ask for that first.
    One query where the site has no chat tool, else two.
    """
    rows = list(Workspace.objects.all())
    standing = {room.workspace_id: room for room in Room.objects.filter(subject=subject)} if rows else {}
    found = (PlaceOfRecord(row, standing.get(row.pk), able=row.on and has_what_rooms_need(row)) for row in rows)
    return [one for one in found if one.able or one.room is not None]


def has_what_rooms_need(row: Workspace) -> bool:
    given = row.plain | sealed.unseal(row.sealed)
    return all(given.get(name) for name in FOR_ROOMS[Maker(row.maker)])


def door(uuid: UUID) -> Door | None:
    """For the chat door. None for one that is not there or switched off: they are not told apart."""
    row = Workspace.objects.filter(uuid=uuid, on=True).first()
    return None if row is None else Door(row.uuid, Maker(row.maker), row.plain, sealed.unseal(row.sealed))


def ref_of_place(workspace: UUID, place: str) -> str:
    """The record a channel is the room of; empty for any other."""
    found = Room.objects.filter(workspace__uuid=workspace, place=place).exclude(place="")
    return found.values_list("ref", flat=True).first() or ""


def person_of(workspace: UUID, chat_id: str) -> Person | None:
    """Who that is at the desk; nobody who has left."""
    found = Link.objects.filter(workspace__uuid=workspace, chat_id=chat_id, confirmed=True)
    found = found.filter(person__is_active=True)
    link = found.select_related("person").first()
    return link.person if link is not None else None
