"""What a calendar of others says beside what stands from it. For the verbs of this package."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet

from hikeshi.accounts.models import Person
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.oncall import subscribing
from hikeshi.oncall.actions import covers
from hikeshi.oncall.ical import Shift
from hikeshi.oncall.models import Absence, Cover, LeftOut, Subscription
from hikeshi.oncall.queries import shifts

DESK = system("calendars")
Spell = tuple[int, datetime, datetime]
"""Whose (a person's key), from, until."""


def meant(row: Subscription, found: tuple[Shift, ...]) -> tuple[Mapping[Spell, str], int]:
    """Whose times these are, each with its mark, and how many of them are nobody's here."""
    if row.rota is None:
        strange, whose = (
            0,
            [(row.person_id or 0, one) for one in found],
        )  # one of the two there is, as the table demands
    else:
        plan = shifts.plan(DESK, row.rota, shifts.File("", found))
        strange, whose = len(plan.strange), [(one.person.pk, one.shift) for one in plan.meant]
    events: dict[Spell, list[Shift]] = defaultdict(list)
    for pk, one in whose:
        events[pk, one.begin, one.end].append(one)
    return {spell: subscribing.mark(several) for spell, several in events.items()}, strange


def wanted(row: Subscription, said: Mapping[Spell, str]) -> Mapping[Spell, str]:
    """But for what somebody took back by hand and the calendar says as it did then; what has no mark was put in before
    there were any, and is taken as it is said now.
    """
    LeftOut.objects.filter(subscription=row, ends_at__lte=clock.now()).delete()
    kept_out: set[Spell] = set()
    for one in LeftOut.objects.filter(subscription=row).order_by("pk"):
        spell = (one.person_id, one.begins_at, one.ends_at)
        now_said = said.get(spell)
        if now_said is None or (one.mark and one.mark != now_said):
            one.delete()
            continue
        kept_out.add(spell)
        if not one.mark:
            one.mark = now_said
            one.save(update_fields=["mark"])
    return {spell: mark for spell, mark in said.items() if spell not in kept_out}


def keep(row: Subscription, wanted: Mapping[Spell, str], by: Actor) -> tuple[int, int]:
    """How many came and how many went. What is over stays as it was."""
    held = {(one.person_id, one.begins_at, one.ends_at): one for one in _there(row)}
    gone = [one for spell, one in held.items() if spell not in wanted]
    came = sorted(wanted.keys() - held.keys())
    _take_back(gone, by)
    for spell, one in held.items():
        if spell in wanted and one.mark != wanted[spell]:
            one.mark = wanted[spell]
            one.save(update_fields=["mark"])
    people = Person.objects.in_bulk({pk for pk, _, _ in came})
    for pk, begin, end in came:
        mark = wanted[pk, begin, end]
        if row.rota is not None:
            covers.put_in(by, row.rota, people[pk], (begin, end), subscription=row, mark=mark)
        else:
            covers.note_away(by, people[pk], (begin, end), subscription=row, mark=mark)
    return len(came), len(gone)


def _there(row: Subscription) -> Iterable[Cover | Absence]:
    rows: QuerySet[Cover] | QuerySet[Absence] = (
        Absence.objects.filter(subscription=row).select_related("person")
        if row.rota is None
        else Cover.objects.filter(subscription=row).select_related("person", "rota")
    )
    return list(rows.filter(ends_at__gt=clock.now()).order_by("pk"))


def _take_back(gone: Iterable[Cover | Absence], by: Actor) -> None:
    for one in gone:
        if isinstance(one, Cover):
            covers.put_out(by, one)
        else:
            covers.note_there(by, one)
