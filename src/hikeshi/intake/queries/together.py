"""Why a correlation decided over an alert, for whoever may see it: what it shares with which others, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from hikeshi.intake.models import Alert, Together
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import ruling, visible
from hikeshi.kernel.acting import Actor


@dataclass(frozen=True, slots=True)
class Member:
    alert: Alert
    signal: Mapping[str, str]  # language -> what the alert was taken for


@dataclass(frozen=True, slots=True)
class Why:
    """``members`` are those the reader may see; ``told.count`` is of all times the condition counted."""

    told: Together
    alert: Alert
    titles: Mapping[str, str]
    members: tuple[Member, ...]


def why(by: Actor, alert: UUID) -> Why | None:
    """Three small queries; one where no correlation decided, which is nearly always."""
    if not by.may(Verb.VIEW):
        return None
    told = Together.objects.filter(alert__uuid=alert, alert__in=visible(by)).select_related("alert").first()
    if told is None:
        return None
    rule = ruling.book().correlations.get(told.rule)
    correlation = rule.correlation if rule is not None else None
    signals = {one.name: one.titles for one in correlation.signals} if correlation is not None else {}
    seen = visible(by).filter(uuid__in=list(told.members)).only("uuid", "title", "severity", "source", "last_seen")
    members = (Member(one, signals.get(told.members[str(one.uuid)], {})) for one in seen.order_by("last_seen", "id"))
    return Why(told, told.alert, rule.titles if rule is not None else {"en": told.rule}, tuple(members))


def shown(by: Actor, alerts: Sequence[Alert]) -> Why | None:
    """Of the earliest of these that a correlation decided on. They come with what is told of them, so that nothing is
    asked where there is none.
    """
    told = next((one for one in reversed(alerts) if hasattr(one, "together")), None)
    return why(by, told.uuid) if told is not None else None
