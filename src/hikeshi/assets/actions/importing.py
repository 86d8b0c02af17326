"""A file of assets is brought, looked at, and carried out: the whole of it, once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.actions import bringing
from hikeshi.assets import facts
from hikeshi.assets.actions import writing
from hikeshi.assets.models import Asset, Import
from hikeshi.assets.permissions import Verb
from hikeshi.assets.queries import planning
from hikeshi.assets.queries.lists import given, with_belongings
from hikeshi.assets.queries.planning import Draft, assets_named, brought, imported, plan
from hikeshi.documents import tables
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record

AT_ONCE: Final = bringing.AT_ONCE
STEP: Final = bringing.STEP
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
    return bringing.keep(Import, by=by, place=place, file_name=file_name, body=body, table=file.table)


@action
def carry_out_import(*, by: Actor, imported_file: UUID) -> Import:
    """Does what the preview showed: all of it or nothing, and once however often it is asked. A long file is carried
    out by the engine. Raises NotAllowed, NotFound, Invalid.
    """
    kept = imported(by, imported_file)
    by.must(Verb.MANAGE, kept.organisation_id)
    if not bringing.claim(kept) or kept.rows > AT_ONCE:
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
    return bringing.take_step(Import, by=by, verb=Verb.MANAGE, step=_step)


def is_importing() -> bool:
    return bringing.is_going(Import)


def _step(by: Actor, kept: Import) -> None:
    going, start = divmod(kept.place, kept.rows)
    with bringing.paced(kept, going, STEP) as rows:
        _take(by, kept, going, (start, min(start + rows, kept.rows)))


def _take(by: Actor, kept: Import, going: int, lines: tuple[int, int]) -> None:
    file, (start, end) = planning.kept(kept), lines
    if going == PASSES - 1:
        _wire(by, kept, file, file.table.rows[start:end])
    else:
        part = plan(by, kept.organisation, file, start, end)
        wrong = part.of(tables.Fate.WRONG)
        if wrong:
            bringing.fail(kept, "lines_wrong", wrong[0].line)
            return
        if going:
            _write(by, kept, part)
    kept.place = going * kept.rows + end
    kept.save(update_fields=["place", "added", "changed"])
    if kept.place >= _passes(file) * kept.rows:
        _finish(by, kept)


def _passes(file: planning.Brought) -> int:
    return PASSES if "needs" in file.fit.columns else PASSES - 1


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
    kept.place = PASSES * kept.rows
    bringing.finish(kept)
    fact = facts.AssetsImported(
        file=kept.uuid, digest=kept.digest, rows=kept.rows, added=kept.added, changed=kept.changed
    )
    world = World(accounts.site().world)
    record(fact, subject=f"import:{kept.uuid}", by=by, world=world, topics=writing.TOPICS)


def forget_imports(now: datetime) -> bool:
    """Files nobody carried out, and the traces of those that were, are gone after a day. True when some went."""
    return bool(Import.objects.filter(pk__in=bringing.over(Import, now, AT_ONCE)).delete()[0])
