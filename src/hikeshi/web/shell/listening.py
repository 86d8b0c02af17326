"""Which topics a reader may hear of. Asked anew for every token, so that losing sight of something ends the hearing."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.http import QueryDict

from hikeshi.assets.permissions import Verb as Assets
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb as Incidents
from hikeshi.intake.permissions import Verb as Intake
from hikeshi.kernel.acting import Actor
from hikeshi.notify.permissions import Verb as Notify
from hikeshi.oncall.permissions import Verb as OnCall

LISTS = {
    "incidents": Incidents.VIEW,
    "alerts": Intake.VIEW,
    "parked": Intake.MANAGE,
    "assets": Assets.VIEW,
    "oncall": OnCall.VIEW,
    "canary": Notify.VIEW,
}
INCIDENT = "incident:"
AT_ONCE = 60
OLDEST = 60


def allowed(by: Actor, asked: Iterable[str]) -> list[str]:
    wanted = set(asked)
    lists = [name for name, verb in LISTS.items() if name in wanted and by.may(verb)]
    uuids = [uuid for uuid in map(_uuid, sorted(wanted)) if uuid is not None][:AT_ONCE]
    seen = incidents.visible(by).filter(uuid__in=uuids).values_list("uuid", flat=True) if uuids else ()
    return [*lists, *(f"{INCIDENT}{uuid}" for uuid in seen)]


def age(asked: QueryDict) -> timedelta:
    """How long ago the page was made that begins to listen now: it is told what changed since."""
    said = asked.get("age", "")
    return timedelta(seconds=min(int(said), OLDEST) if said.isdecimal() and len(said) < 4 else 0)


def _uuid(topic: str) -> UUID | None:
    try:
        return UUID(topic.removeprefix(INCIDENT)) if topic.startswith(INCIDENT) else None
    except ValueError:
        return None
