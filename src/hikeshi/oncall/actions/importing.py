"""Shifts from a calendar file, put in one by one and all at once."""

from uuid import UUID

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.acts import action, record
from hikeshi.oncall.actions.covers import put_in
from hikeshi.oncall.actions.rotas import TOPICS
from hikeshi.oncall.facts import rotas as facts
from hikeshi.oncall.models import Cover
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import rotas, shifts


@action
def import_shifts(*, by: Actor, rota: UUID, file: shifts.File) -> list[Cover]:
    """Everything of the file that means somebody here, over the layers; the same shift twice is put in once. Raises
    NotAllowed, NotFound, Invalid.
    """
    row = rotas.rota(by, rota, Verb.MANAGE)
    found = shifts.plan(by, row, file)
    if not found.meant:
        raise Invalid("file", "ical_nobody")
    there = set(Cover.objects.filter(rota=row).values_list("person", "begins_at", "ends_at"))
    made = []
    for one in found.meant:
        key = (one.person.pk, one.shift.begin, one.shift.end)
        if key not in there:
            there.add(key)
            made.append(put_in(by, row, one.person, (one.shift.begin, one.shift.end)))
    fact = facts.ShiftsImported(rota=row.uuid, digest=file.digest, shifts=len(made))
    record(fact, subject=rotas.ref_of(row), by=by, topics=TOPICS)
    return made
