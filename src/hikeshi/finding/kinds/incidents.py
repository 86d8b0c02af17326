"""Incidents: the reference and title; description, facts, notes, tasks, traces, links, words with a reporter."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import zones
from hikeshi.accounts.models import Person
from hikeshi.finding import operators
from hikeshi.finding.kinds.findable import Findable, Shown
from hikeshi.incidents import names
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import PhaseState, RecordClass, Status
from hikeshi.incidents.models import (
    STANDING,
    FactItem,
    Incident,
    Link,
    Message,
    Note,
    Observable,
    Phase,
    Reporter,
    Task,
)
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON
from hikeshi.search.actions import Text

_WORDED: Final = (
    (FactItem, "value"),
    (Note, "text"),
    (Task, "title"),
    (Message, "text"),
    (Observable, "value"),
    (Link, "title"),
    (Link, "url"),
)
SHOWN_AT_ONCE: Final = 400
"""Passages read for one page of hits; the newest of each record come first."""


def _parts(wanted: QuerySet[Incident], most: int | None = None) -> dict[int, list[str]]:
    """The words of these records' parts, the newest first, in one query over all tables that have some."""
    first, *others = (
        model.objects.filter(incident__in=wanted, **({"removed_at": None} if model is Link else {}))
        .annotate(words=Cast(column, TextField()), born=Cast("uuid", CharField(max_length=36)))
        .order_by()
        .values_list("incident_id", "words", "born")
        for model, column in _WORDED
    )
    found: dict[int, list[str]] = defaultdict(list)
    for place, words, _born in first.union(*others, all=True).order_by("-born")[:most]:
        if words:
            found[place].append(words)
    return found


def _answered(wanted: QuerySet[Incident]) -> dict[int, list[str]]:
    """What reporters answered in forms of the site, by record; gone with the reporter. One query."""
    rows = Reporter.objects.filter(incident__in=wanted).exclude(answers={}).order_by()
    return {
        place: [text for each in answers.values() for text in _texts(each)]
        for place, answers in rows.values_list("incident_id", "answers")
    }


def _texts(answer: JSON) -> list[str]:
    """Words, codes, or the name of the thing of the site that was chosen."""
    if isinstance(answer, dict):
        return [str(answer.get("name", ""))]
    return [str(one) for one in answer] if isinstance(answer, list) else [str(answer)]


def texts(uuids: Collection[UUID]) -> list[Text]:
    wanted = Incident.objects.filter(uuid__in=uuids)
    parts, answered = _parts(wanted), _answered(wanted)
    return [
        Text(
            row.uuid,
            f"{row.ref}\n{row.title}",
            "\n".join([row.description, row.resolution, *parts[row.pk], *answered.get(row.pk, ())]),
        )
        for row in wanted.only("pk", "uuid", "ref", "title", "description", "resolution").order_by("pk")
    ]


def shown(by: Actor, uuids: Collection[UUID]) -> Mapping[UUID, Shown]:
    wanted = incidents.visible(by).filter(uuid__in=uuids)
    rows = list(wanted.select_related("owner", "organisation"))
    found = Incident.objects.filter(pk__in=[row.pk for row in rows])
    parts, answered = (_parts(found, SHOWN_AT_ONCE), _answered(found)) if rows else ({}, {})
    return {
        row.uuid: Shown(
            row,
            row.title,
            (row.description, row.resolution, *parts.get(row.pk, ()), *answered.get(row.pk, ())),
        )
        for row in rows
    }


def _holding(letters: str) -> Q:
    found = Q(title__icontains=letters) | Q(description__icontains=letters) | Q(resolution__icontains=letters)
    for model, column in _WORDED:
        there = model.objects.filter(incident=OuterRef("pk"), **{f"{column}__icontains": letters})
        found |= Q(Exists(there))
    return found | Q(Exists(_having_answered(letters)))


def _having_answered(letters: str) -> QuerySet[Reporter]:
    """SQLite keeps JSON as it was written, with letters beyond ASCII by their numbers; PostgreSQL as it reads."""
    written = json.dumps(letters)[1:-1]
    rows = Reporter.objects.filter(incident=OuterRef("pk")).exclude(answers={})
    told = rows.annotate(told=Cast("answers", TextField()))
    return told.filter(Q(told__icontains=letters) | Q(told__icontains=written))


def _kind(by: Actor, value: str) -> Q:
    return Q(kind=operators.named(value, names.in_use().kinds))


def _phase(by: Actor, value: str) -> Q:
    code = operators.named(value, names.in_use().courses.phases)
    return Q(pk__in=Phase.objects.filter(code=code, state=PhaseState.OPEN, in_course=True).values("incident"))


def owned(by: Actor, value: str) -> Q:
    """By me, by nobody, or by whoever is called so."""
    try:
        code = operators.choice(value, ("me", "none"))
    except operators.UnknownValue:
        named = Q(owner__username=Person.normalize_username(value)) | Q(owner__name__icontains=value)
        return Q(owner__isnull=False) & named
    return Q(owner__isnull=True) if code == "none" else Q(owner=by.person_id or 0)


def _is(by: Actor, value: str) -> Q:
    states = [one.value for one in Status]
    code = operators.choice(value, (*states, "mine", "unassigned", "waiting"))
    if code in states:
        return Q(standing=STANDING[Status(code)])
    return ~Q(waiting="") if code == "waiting" else owned(by, "me" if code == "mine" else "none")


def _class(by: Actor, value: str) -> Q:
    return Q(record_class=operators.choice(value, [one.value for one in RecordClass]))


def _priority(by: Actor, value: str) -> Q:
    return Q(priority=int(operators.choice(value.lower().removeprefix("p"), "12345")))


def _before(by: Actor, value: str) -> Q:
    return Q(opened_at__lt=zones.day_begins(operators.day(value), accounts.site().time_zone))


def _after(by: Actor, value: str) -> Q:
    return Q(opened_at__gte=zones.day_begins(operators.day(value), accounts.site().time_zone))


INCIDENTS: Final = Findable(
    kind="incident",
    verb="",  # who owns a record or takes part in it sees it without any
    rows=Incident.objects.all,
    visible=incidents.visible,
    texts=texts,
    shown=shown,
    holding=_holding,
    narrowing={
        "kind": _kind,
        "phase": _phase,
        "owner": owned,
        "is": _is,
        "class": _class,
        "priority": _priority,
        "before": _before,
        "after": _after,
    },
)
