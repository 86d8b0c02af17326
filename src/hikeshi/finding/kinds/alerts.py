"""Alerts: the title; what the detector named. They belong to nobody, so ``owner:`` finds none."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db.models import Q

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import zones
from hikeshi.finding import operators
from hikeshi.finding.kinds.findable import Findable, Shown
from hikeshi.intake import queries as intake
from hikeshi.intake.models import Alert
from hikeshi.intake.normalise import State
from hikeshi.intake.permissions import Verb
from hikeshi.kernel.acting import Actor
from hikeshi.search.actions import Text


def _named(row: Alert) -> list[str]:
    return [str(one.get("value", "")) for one in row.observables]


def texts(uuids: Collection[UUID]) -> list[Text]:
    rows = Alert.objects.filter(uuid__in=uuids).only("uuid", "title", "source", "observables").order_by("pk")
    return [Text(row.uuid, row.title, "\n".join([row.source, *_named(row)])) for row in rows]


def shown(by: Actor, uuids: Collection[UUID]) -> Mapping[UUID, Shown]:
    rows = intake.visible(by).filter(uuid__in=uuids).defer("words")
    return {row.uuid: Shown(row, row.title, (", ".join(_named(row)),)) for row in rows}


def _is(by: Actor, value: str) -> Q:
    code = operators.choice(value, ("open", "resolved", "unassigned"))
    if code == "unassigned":
        return Q(case="")
    return Q(status=State.FIRING if code == "open" else State.RESOLVED)


def _source(by: Actor, value: str) -> Q:
    return Q(source=operators.choice(value, [one.code for one in intake.sources()]))


def _before(by: Actor, value: str) -> Q:
    return Q(first_seen__lt=zones.day_begins(operators.day(value), accounts.site().time_zone))


def _after(by: Actor, value: str) -> Q:
    return Q(last_seen__gte=zones.day_begins(operators.day(value), accounts.site().time_zone))


ALERTS: Final = Findable(
    kind="alert",
    verb=Verb.VIEW,
    rows=Alert.objects.all,
    visible=intake.visible,
    texts=texts,
    shown=shown,
    holding=lambda letters: Q(title__icontains=letters) | Q(words__contains=letters.casefold()),
    narrowing={"is": _is, "source": _source, "before": _before, "after": _after},
)
