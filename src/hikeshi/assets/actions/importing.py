"""A file of assets is brought, looked at, and carried out: the whole of it, once."""

import zlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.names import title
from hikeshi.assets import facts
from hikeshi.assets.actions import writing
from hikeshi.assets.models import Asset, Import, ImportState
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries import planning
from hikeshi.assets.queries.lists import given
from hikeshi.assets.queries.planning import Draft, assets_named, brought, imported, plan
from hikeshi.documents import tables
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound, Refusal
from hikeshi.kernel.texts import folded
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record, unit

AT_ONCE: Final = 500
"""Rows carried out in the act itself; a longer file goes on in the engine, step by step."""
STEP: Final = 50
KEPT: Final = timedelta(days=1)
PASSES: Final = 3
"""Every row is checked before the first is written; then come their fields, then what they need of each other."""


@action
def prepare_import(*, by: Actor, organisation: UUID, file_name: str, body: bytes) -> Import:
    """Keeps the file for its preview; nothing is imported yet. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = accounts.organisation(by, organisation, Verb.MANAGE)
    file = brought(body)
    name = title(file_name[-200:] or "-", "file")

    person = accounts.myself(by)
    return Import.objects.create(
        organisation=place,
        person=person,
        file_name=name,
        digest=file.table.digest,
        body=zlib.compress(body),
        rows=len(file.table.rows),
        created_at=clock.now(),
    )


@action
def carry_out_import(*, by: Actor, imported_file: UUID) -> Import:
    """Does what the preview showed: all of it or nothing, and once however often it is asked. A long file is carried
    out by the engine. Raises NotAllowed, NotFound, Invalid.
    """
    kept = imported(by, imported_file)
    by.must(Verb.MANAGE, kept.organisation_id)
    claimed = Import.objects.filter(pk=kept.pk, state=ImportState.PREPARED).update(state=ImportState.GOING)
    kept.refresh_from_db()
    if not claimed or kept.rows > AT_ONCE:
        return kept

    file = planning.kept(kept)
    whole = plan(by, kept.organisation, file)
    if not whole.possible:
        raise Invalid("file", "lines_wrong", count=whole.count(tables.Fate.WRONG))
    _write(by, kept, whole)
    _wire(by, kept, whole)
    _finish(by, kept)
    return kept


@action
def continue_imports(*, by: Actor) -> bool:
    """One step of the oldest import under way, for the engine; whether there may be more. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed("assets.continue_imports")
    rows = Import.objects.select_for_update(of=("self",)).select_related("organisation", "person")
    kept = rows.filter(state=ImportState.GOING).order_by("created_at", "pk").first()
    if kept is None:
        return False
    actor = accounts.actor_of(kept.person) if kept.person else by
    try:
        with unit():  # a step that is refused leaves nothing behind
            actor.must(Verb.MANAGE, kept.organisation_id)
            _step(actor, kept)
    except Refusal as refusal:
        _fail(kept, refusal.code, 0)
    return True


def _step(by: Actor, kept: Import) -> None:
    file = planning.kept(kept)
    going, start = divmod(kept.place, kept.rows)
    end = min(start + STEP, kept.rows)
    part = plan(by, kept.organisation, file, start, end)
    wrong = part.of(tables.Fate.WRONG)
    if wrong:
        _fail(kept, "lines_wrong", wrong[0].line)
        return
    if going == 1:
        _write(by, kept, part)
    if going == 2:
        _wire(by, kept, part)
    kept.place = going * kept.rows + end
    kept.save(update_fields=["place", "added", "changed"])
    if kept.place >= PASSES * kept.rows:
        _finish(by, kept)


def _fail(kept: Import, error: str, line: int) -> None:
    kept.state, kept.error, kept.error_line, kept.done_at = ImportState.FAILED, error, line, clock.now()
    kept.body = b""
    kept.save(update_fields=["state", "error", "error_line", "done_at", "body"])


def _write(by: Actor, kept: Import, part: tables.Plan[Draft]) -> None:
    new = [one.value.particulars for one in part.of(tables.Fate.NEW) if one.value]
    writing.add(by, kept.organisation, new)
    kept.added += len(new)
    for one in part.of(tables.Fate.CHANGED):
        fields = [name for name in one.changed if name != "needs"]
        if one.value is not None and one.value.asset is not None:
            kept.changed += 1
            if fields:
                writing.change(by, _locked(one.value.asset), one.value.particulars, fields)


def _locked(uuid: UUID) -> Asset:
    rows = Asset.objects.select_for_update(of=("self",)).select_related("owner", "team", "organisation")
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise NotFound("asset")
    return found


def _wire(by: Actor, kept: Import, part: tables.Plan[Draft]) -> None:
    """By now every asset the file names stands there."""
    drafts = [one.value for one in part.lines if one.value is not None and one.value.needs is not None]
    named = [name for one in drafts for name in one.needs or ()]
    own = [_called(one) for one in drafts]
    known = assets_named(by, kept.organisation, {*named, *own})
    standing = _standing([known[name] for name in own])
    for one in drafts:
        row = standing[known[_called(one)]]
        needs = tuple(sorted({known[name] for name in one.needs or ()}))
        said = given(row)
        if needs != said.needs:
            writing.change(by, row, replace(said, needs=needs), ("needs",))


def _called(draft: Draft) -> str:
    return folded(draft.particulars.name)


def _standing(uuids: Sequence[UUID]) -> dict[UUID, Asset]:
    rows = Asset.objects.select_related("owner", "team", "organisation").filter(uuid__in=uuids)
    return {one.uuid: one for one in rows.prefetch_related("identifiers", "needing__needs")}


def _finish(by: Actor, kept: Import) -> None:
    kept.state, kept.done_at, kept.body, kept.place = ImportState.DONE, clock.now(), b"", PASSES * kept.rows
    kept.save(update_fields=["state", "done_at", "body", "place", "added", "changed"])
    fact = facts.AssetsImported(
        file=kept.uuid, digest=kept.digest, rows=kept.rows, added=kept.added, changed=kept.changed
    )
    world = World(accounts.site().world)
    record(fact, subject=f"import:{kept.uuid}", by=by, world=world, topics=writing.TOPICS)


def forget_imports(now: datetime) -> bool:
    """Files nobody carried out, and the traces of those that were, are gone after a day. True when some went."""
    old = Import.objects.filter(created_at__lt=now - KEPT).exclude(state=ImportState.GOING)
    return bool(old.delete()[0])
