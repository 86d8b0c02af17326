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
from hikeshi.assets.queries.lists import given, with_belongings
from hikeshi.assets.queries.planning import Draft, assets_named, brought, imported, plan
from hikeshi.documents import tables
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound, Refusal
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record, unit

AT_ONCE: Final = 500
"""Rows carried out in the act itself; a longer file goes on in the engine, step by step."""
STEP: Final = 200
KEPT: Final = timedelta(days=1)
PASSES: Final = 3
"""Every row is checked before the first is written; then come their fields, then, where the file speaks of it, what
they need of each other.
"""


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
    _wire(by, kept, file, file.table.rows)
    _finish(by, kept)
    return kept


@action
def continue_imports(*, by: Actor) -> bool:
    """One step of the oldest import under way, for the engine; whether there may be more. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed("assets.continue_imports")
    rows = Import.objects.select_for_update(of=("self",)).select_related("organisation", "person").defer("body")
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
    if going == PASSES - 1:
        _wire(by, kept, file, file.table.rows[start:end])
    else:
        part = plan(by, kept.organisation, file, start, end)
        wrong = part.of(tables.Fate.WRONG)
        if wrong:
            _fail(kept, "lines_wrong", wrong[0].line)
            return
        if going:
            _write(by, kept, part)
    kept.place = going * kept.rows + end
    kept.save(update_fields=["place", "added", "changed"])
    if kept.place >= _passes(file) * kept.rows:
        _finish(by, kept)


def _passes(file: planning.Brought) -> int:
    return PASSES if "needs" in file.fit.columns else PASSES - 1


def _fail(kept: Import, error: str, line: int) -> None:
    kept.state, kept.error, kept.error_line, kept.done_at = ImportState.FAILED, error, line, clock.now()
    kept.body = b""
    kept.save(update_fields=["state", "error", "error_line", "done_at", "body"])


def _write(by: Actor, kept: Import, part: tables.Plan[Draft]) -> None:
    new = [one.value.particulars for one in part.of(tables.Fate.NEW) if one.value]
    kept.added += len(new)
    if new:
        writing.add(by, kept.organisation, new)
    drafts = {one.value.asset: one for one in part.of(tables.Fate.CHANGED) if one.value and one.value.asset}
    kept.changed += len(drafts)
    held = _locked([uuid for uuid, one in drafts.items() if set(one.changed) - {"needs"}])
    changes = []
    for row in held:
        line = drafts[row.uuid]
        if line.value is not None:
            fields = [name for name in line.changed if name != "needs"]
            changes.append(writing.Change(row, line.value.particulars, fields))
    if changes:
        writing.change(by, changes)


def _locked(uuids: Sequence[UUID]) -> list[Asset]:
    """In one order, so that two who hold many never wait for each other. Raises NotFound."""
    if not uuids:
        return []
    rows = Asset.objects.select_for_update(of=("self",)).select_related("owner", "team", "organisation")
    found = list(with_belongings(rows.filter(uuid__in=uuids).order_by("pk")))
    if len(found) != len(uuids):
        raise NotFound("asset")
    return found


def _wire(by: Actor, kept: Import, file: planning.Brought, lines: Sequence[tables.Row]) -> None:
    """By now every asset the file names stands there."""
    said = planning.needs_said(file, lines)
    known = assets_named(by, kept.organisation, {*said, *(name for names in said.values() for name in names)})
    wanted = {known[own]: {known[name] for name in names} for own, names in said.items() if own in known}
    differ = planning.needing_others(by, wanted)
    held = {row.uuid: row for row in _locked(differ)}
    changes = []
    for uuid in differ:
        was = given(held[uuid])
        unseen = set(was.needs) - planning.seen_of(by, held[uuid])
        needs = tuple(sorted(wanted[uuid] | unseen))
        changes.append(writing.Change(held[uuid], replace(was, needs=needs), ("needs",)))
    if changes:
        writing.change(by, changes)


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
