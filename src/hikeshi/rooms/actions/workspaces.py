"""How chat tools are connected."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import words
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.notify.channels.fields import read_as
from hikeshi.rooms import facts, queries, sealed, states
from hikeshi.rooms.actions.queueing import hurry, queue
from hikeshi.rooms.makers import FIELDS, FOR_ROOMS, Maker
from hikeshi.rooms.models import Errand, ErrandKind, Workspace
from hikeshi.rooms.permissions import Verb

TOPICS: Final = ("chat",)
NAME: Final = 100
MOST: Final = 50


@action
def set_workspace(
    *,
    by: Actor,
    name: str,
    workspace: UUID | None = None,
    maker: str = "",
    on: bool = False,
    given: Mapping[str, str] | None = None,
    makes_rooms: bool = False,
    threshold: int = 2,
    archives: bool = True,
    version: int | None = None,
) -> Workspace:
    """A new one, or a change of one. ``given``: settings by name; a secret that is left out or empty stays as it is.
    Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = held(workspace) if workspace is not None else _new(maker)
    yours, theirs = {"name": name, "on": str(on)}, {"name": row.name, "on": str(row.on)}
    must_be_current(read=version, now=row.version, yours=yours, theirs=theirs)
    heading = words(name, field="name", most=NAME)
    if not 1 <= threshold <= 5:
        raise Invalid("threshold", "out_of_range", low=1, high=5)
    was = sealed.unseal(row.sealed)
    plain, secret = read_as(FIELDS[Maker(row.maker)], given or {}, was_plain=row.plain, was_secret=was, on=on)
    for field in FOR_ROOMS[Maker(row.maker)] if on and makes_rooms else ():
        if not (plain | secret).get(field):
            raise Invalid(field, "required")

    row.name, row.on, row.plain = heading, on, plain
    row.sealed = row.sealed if secret == was else sealed.seal(secret)
    row.makes_rooms, row.threshold, row.archives = makes_rooms, threshold, archives
    row.version += 1
    row.failures, row.rest_until, row.trouble = 0, None, ""  # what was mended is tried again
    row.changed_by, row.changed_at = by.ref, clock.now()
    row.save()
    hurry(row)

    fact = facts.WorkspaceSet(workspace=row.uuid, maker=row.maker, on=on, content=states.digest(row))
    record(fact, subject=f"workspace:{row.uuid}", by=by, topics=TOPICS)
    return row


def _new(maker: str) -> Workspace:
    if maker not in list(Maker):
        raise Invalid("maker", "not_a_choice", choices=", ".join(Maker))
    if Workspace.objects.count() >= MOST:
        raise Invalid("maker", "too_many", limit=MOST)
    return Workspace(maker=maker, version=0)


def held(workspace: UUID) -> Workspace:
    """Raises NotFound."""
    found = Workspace.objects.select_for_update().filter(uuid=workspace).first()
    if found is None:
        raise NotFound("workspace")
    return found


@action
def remove_workspace(*, by: Actor, workspace: UUID) -> None:
    """The desk forgets it and whoever was known there; its rooms stay where they are. Raises NotAllowed, NotFound."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = held(workspace)
    links = tuple(row.links.order_by("pk").values_list("uuid", flat=True))

    maker, uuid = row.maker, row.uuid
    row.delete()

    fact = facts.WorkspaceRemoved(workspace=uuid, maker=maker, links=links)
    record(fact, subject=f"workspace:{uuid}", by=by, topics=TOPICS)


@action
def try_workspace(*, by: Actor, workspace: UUID) -> Errand:
    """Asks the tool whether it knows the desk; the page shows what came of it. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    row = held(workspace)
    if not queries.has_what_rooms_need(row):
        raise Invalid("workspace", "nothing_to_try")

    return queue(row, ErrandKind.CHECK, key=f"check:{uuid7()}")
