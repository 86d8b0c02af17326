"""A file of people is brought, looked at, and carried out once: a short one all of it or nothing, a long one step by
step after every line of it has been checked.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from hikeshi.accounts import facts, planning, queries
from hikeshi.accounts.actions import bringing, people
from hikeshi.accounts.actions.rights import TOPICS, grant_planned
from hikeshi.accounts.models import Language, PeopleFile, Person
from hikeshi.accounts.permissions import Verb
from hikeshi.documents import tables
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.ledger.acts import action, record

AT_ONCE: Final = bringing.AT_ONCE
STEP: Final = 100
"""Rows of one step at most; what somebody can be reached by is looked up one by one."""
LEAVING_STEP: Final = 20
"""People put out of use in one step: each is signed out everywhere."""


@action
def prepare_people_import(*, by: Actor, organisation: UUID, file_name: str, body: bytes) -> PeopleFile:
    """Keeps the file for its preview; nobody is added yet. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    file = planning.brought(body)
    return bringing.keep(PeopleFile, by=by, place=place, file_name=file_name, body=body, table=file.table)


@action
def carry_out_people_import(*, by: Actor, people_file: UUID, leaving: Sequence[UUID] = ()) -> PeopleFile:
    """Does what the preview showed, and puts those ``leaving`` out of use, who must be missing from the file. A role is
    added in the organisation of its line and none is taken away. A long file is carried out by the engine.
    Raises NotAllowed, NotFound, Invalid.
    """
    kept = planning.people_file(by, people_file)
    by.must(Verb.MANAGE, kept.organisation_id)
    if not bringing.claim(kept):
        return kept
    file = planning.kept(kept)
    going = [one for one in planning.missing(by, kept.organisation, file) if one.uuid in set(leaving)]
    if len(going) != len(set(leaving)):
        raise Invalid("leaving", "not_missing")

    kept.leaving = [str(one.uuid) for one in going]
    kept.save(update_fields=["leaving"])
    if max(kept.rows, len(going)) <= AT_ONCE:
        lines = planning.lines(by, kept.organisation, file)
        if not lines.possible:
            raise Invalid("file", "lines_wrong", count=lines.count(tables.Fate.WRONG))
        _write(by, kept, lines)
        _put_out(by, kept, kept.leaving)
        _finish(by, kept)
    return kept


@action
def continue_people_imports(*, by: Actor) -> bool:
    """One step of the oldest import under way, for the engine; whether there may be more. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed("accounts.continue_people_imports")
    return bringing.take_step(PeopleFile, by=by, verb=Verb.MANAGE, step=_step)


def _step(by: Actor, kept: PeopleFile) -> None:
    """Every line is checked before the first is written; then come the lines, then those who leave."""
    if kept.place >= 2 * kept.rows:
        start = kept.place - 2 * kept.rows
        part = kept.leaving[start : start + LEAVING_STEP]
        _put_out(by, kept, part)
        kept.place += len(part)
    else:
        writing, start = divmod(kept.place, kept.rows)
        with bringing.paced(kept, writing, STEP) as rows:
            end = min(start + rows, kept.rows)
            lines = planning.lines(by, kept.organisation, planning.kept(kept), start, end)
            wrong = lines.of(tables.Fate.WRONG)
            if wrong:
                bringing.fail(kept, "lines_wrong", wrong[0].line)
                return
            if writing:
                _write(by, kept, lines)
        kept.place = writing * kept.rows + end
    kept.save(update_fields=["place", "added", "changed", "deactivated"])
    if kept.place >= 2 * kept.rows + len(kept.leaving):
        _finish(by, kept)


def is_importing_people() -> bool:
    return bringing.is_going(PeopleFile)


def _write(by: Actor, kept: PeopleFile, part: tables.Plan[planning.Draft]) -> None:
    new = [one.value for one in part.of(tables.Fate.NEW) if one.value]
    changed = [one.value for one in part.of(tables.Fate.CHANGED) if one.value]
    kept.added += len(new)
    kept.changed += len(changed)
    written = [*zip(_add(by, new), new, strict=True), *zip(_change(by, changed), changed, strict=True)]
    grant_planned(by, [(person, role, draft.organisation) for person, draft in written for role in draft.roles])


def _add(by: Actor, drafts: Sequence[planning.Draft]) -> list[Person]:
    """Without a password: they come in by an invitation."""
    site = queries.site()
    rows = [
        Person(
            username=one.username,
            name=one.name,
            email=one.email,
            organisation=one.organisation,
            language=one.language if one.language in Language.values else site.language,
            time_zone=site.time_zone,
        )
        for one in drafts
    ]
    for row in rows:
        row.set_unusable_password()
    Person.objects.bulk_create(rows, batch_size=STEP)
    people.record_arrivals(by, rows)
    return rows


def _change(by: Actor, drafts: Sequence[planning.Draft]) -> list[Person]:
    """In the order of the drafts. The plan of this step, in this transaction, has seen to it that they are the actor's
    to change and that the names are proper.
    """
    numbers = [one.person.pk for one in drafts if one.person is not None]
    rows = Person.objects.select_for_update(of=("self",)).select_related("organisation").order_by("pk")
    held = {row.pk: row for row in rows.filter(pk__in=numbers)}
    changed = [held[number] for number in numbers]
    for row, draft in zip(changed, drafts, strict=True):
        renamed = (draft.name, draft.email) != (row.name, row.email)
        moved = draft.organisation.pk != row.organisation_id
        before = row.email
        row.name, row.email, row.organisation = draft.name, draft.email, draft.organisation
        if renamed:
            people.record_change(by, row, before)
        if moved:
            people.record_move(by, row)
    Person.objects.bulk_update(changed, ["name", "email", "organisation"], batch_size=STEP)
    return changed


def _put_out(by: Actor, kept: PeopleFile, leaving: Sequence[str]) -> None:
    for uuid in leaving:
        people.deactivate_person(by=by, person=UUID(uuid))
    kept.deactivated += len(leaving)


def _finish(by: Actor, kept: PeopleFile) -> None:
    kept.place = 2 * kept.rows + len(kept.leaving)
    bringing.finish(kept, "deactivated")
    fact = facts.PeopleImported(
        file=kept.uuid,
        digest=kept.digest,
        rows=kept.rows,
        added=kept.added,
        changed=kept.changed,
        deactivated=kept.deactivated,
    )
    record(fact, subject=f"organisation:{kept.organisation.uuid}", by=by, topics=TOPICS)
