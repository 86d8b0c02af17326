"""Topics of Amazon SNS: what the door asks, what is due, and what a page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hikeshi.accounts.permissions import Verb
from hikeshi.intake.models import Topic as Topic
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.http import Permitted
from hikeshi.kernel.refusals import NotFound
from hikeshi.notify import setups


@dataclass(frozen=True, slots=True)
class Allowed:
    """A topic that may send, and whose alerts they are."""

    uuid: UUID
    arn: str
    organisation_id: int


def allowed(source: str) -> tuple[Allowed, ...]:
    """For the door, no reader: every topic that may send to this source."""
    rows = Topic.objects.filter(source=source).values_list("uuid", "arn", "organisation_id")
    return tuple(Allowed(*row) for row in rows)


def topics(by: Actor) -> QuerySet[Topic]:
    """Of the organisations whose tokens the reader keeps."""
    rows = Topic.objects.select_related("organisation").order_by("arn")
    return rows if by.unlimited else rows.filter(organisation__in=by.organisations(Verb.MANAGE))


def of_source(by: Actor, source: str) -> Sequence[Topic]:
    return list(topics(by).filter(source=source))


def topic(by: Actor, uuid: UUID) -> Topic:
    """Raises NotFound."""
    found = topics(by).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("topic")
    return found


def any_due(now: datetime) -> bool:
    return Topic.objects.filter(due_at__lte=now).exists()


def way_out() -> Permitted:
    """Where SNS lies inside the network (a VPC endpoint), the site names it as it names its other hosts."""
    return setups.way_out()
