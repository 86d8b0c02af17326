"""A file of people is brought, looked at, and carried out: all of it or nothing, once."""

import zlib
from collections.abc import Sequence
from uuid import UUID

from hikeshi.accounts import facts, names, planning, queries
from hikeshi.accounts.actions import people
from hikeshi.accounts.actions.rights import TOPICS, grant_role
from hikeshi.accounts.models import Language, PeopleFile, Person
from hikeshi.accounts.permissions import Verb
from hikeshi.documents import tables
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action, record


@action
def prepare_people_import(*, by: Actor, organisation: UUID, file_name: str, body: bytes) -> PeopleFile:
    """Keeps the file for its preview; nobody is added yet. Raises NotAllowed, NotFound, Invalid."""
    by.must(Verb.MANAGE)
    place = queries.organisation(by, organisation, Verb.MANAGE)
    file = planning.brought(body)
    name = names.title(file_name[-names.LONGEST_NAME :] or "-", "file")

    return PeopleFile.objects.create(
        organisation=place,
        person=queries.myself(by),
        file_name=name,
        digest=file.table.digest,
        body=zlib.compress(body),
        rows=len(file.table.rows),
        created_at=clock.now(),
    )


@action
def carry_out_people_import(*, by: Actor, people_file: UUID, leaving: Sequence[UUID] = ()) -> PeopleFile:
    """Does what the preview showed, and puts those ``leaving`` out of use, who must be missing from the file. Up to
    5,000 lines in one transaction (some seconds). A role is added in the organisation of its line and none is taken
    away. Raises NotAllowed, NotFound, Invalid.
    """
    kept = planning.people_file(by, people_file)
    by.must(Verb.MANAGE, kept.organisation_id)
    kept = PeopleFile.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=kept.pk)
    if kept.done_at is not None:
        return kept
    plan = planning.plan(by, kept.organisation, planning.kept(kept))
    if not plan.lines.possible:
        raise Invalid("file", "lines_wrong", count=plan.lines.count(tables.Fate.WRONG))
    going = [one for one in plan.missing if one.uuid in set(leaving)]
    if len(going) != len(set(leaving)):
        raise Invalid("leaving", "not_missing")

    _add(by, [one.value for one in plan.lines.of(tables.Fate.NEW) if one.value])
    _change(by, [one.value for one in plan.lines.of(tables.Fate.CHANGED) if one.value])
    for person in going:
        people.deactivate_person(by=by, person=person.uuid)
    kept.added, kept.changed = plan.lines.count(tables.Fate.NEW), plan.lines.count(tables.Fate.CHANGED)
    kept.deactivated, kept.done_at, kept.body = len(going), clock.now(), b""
    kept.save(update_fields=["added", "changed", "deactivated", "done_at", "body"])

    fact = facts.PeopleImported(
        file=kept.uuid,
        digest=kept.digest,
        rows=kept.rows,
        added=kept.added,
        changed=kept.changed,
        deactivated=kept.deactivated,
    )
    record(fact, subject=f"organisation:{kept.organisation.uuid}", by=by, topics=TOPICS)
    return kept


def _add(by: Actor, drafts: Sequence[planning.Draft]) -> None:
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
    Person.objects.bulk_create(rows, batch_size=500)
    for row, draft in zip(rows, drafts, strict=True):
        people.record_arrival(by, row)
        _grant(by, row, draft)


def _change(by: Actor, drafts: Sequence[planning.Draft]) -> None:
    for draft in drafts:
        person = draft.person
        if person is None:
            continue
        if (draft.name, draft.email) != (person.name, person.email):
            people.edit_person(by=by, person=person.uuid, name=draft.name, email=draft.email)
        if draft.organisation.pk != person.organisation_id:
            people.move_person(by=by, person=person.uuid, organisation=draft.organisation.uuid)
        _grant(by, person, draft)


def _grant(by: Actor, person: Person, draft: planning.Draft) -> None:
    for role in draft.roles:
        grant_role(by=by, person=person.uuid, role=role.code, organisation=draft.organisation.uuid)
