"""The records a figure is about, seen by whoever asks, and the pieces of time they fall into."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from hikeshi.accounts.models import Organisation
from hikeshi.figures.asking import GRAVE, Asked
from hikeshi.figures.periods import Days
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.models import STANDING, Incident
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotFound
from hikeshi.kernel.worlds import World

MOST: Final = 20_000
"""Records in no counter whose times, clocks and answers one figure reads; of more, the newest."""


def meant(by: Actor, asked: Asked) -> QuerySet[Incident]:
    """Drills are practice: they are counted nowhere. Raises NotFound for an organisation nobody has."""
    rows = incidents.visible(by).exclude(world=World.DRILL)
    if asked.organisation is not None:
        rows = rows.filter(organisation__in=below(asked.organisation))
    if asked.kind:
        rows = rows.filter(kind=asked.kind)
    return rows.filter(record_class__in=GRAVE) if asked.grave else rows


def below(organisation: UUID) -> QuerySet[Organisation, int]:
    path = Organisation.objects.filter(uuid=organisation).values_list("path", flat=True).first()
    if path is None:
        raise NotFound("organisation")
    return Organisation.objects.filter(path__startswith=path).order_by().values_list("pk", flat=True)


def opened(rows: QuerySet[Incident], asked: Asked, days: Days) -> QuerySet[Incident]:
    """Says the standings by name, which lets the index of openings serve."""
    since, until = asked.moment(days.since), asked.moment(days.until)
    return rows.filter(standing__in=STANDING.values(), opened_at__gte=since, opened_at__lt=until).order_by()


def newest(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    """Of these, as many as one figure reads. What became a part of another is that other's story."""
    return rows.filter(merged_into=None).order_by("-opened_at", "-pk")[:MOST]


def placed(bounds: Sequence[datetime]) -> Case:
    """The number of the first piece that ends after the record was opened; ``bounds`` are their ends but the last's."""
    cases = [When(opened_at__lt=end, then=Value(number)) for number, end in enumerate(bounds)]
    return Case(*cases, default=Value(len(bounds)), output_field=IntegerField())
