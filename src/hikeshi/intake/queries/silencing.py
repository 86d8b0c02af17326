"""Silences as they are read: those in force for the digest, all of them for people."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.intake import matchers, queries, silences
from hikeshi.intake.gathering import Row
from hikeshi.intake.matchers import BadMatcher, Matchers, Told
from hikeshi.intake.models import Alert
from hikeshi.intake.models import Silence as Silence  # surfaces name what they are handed
from hikeshi.intake.normalise import Finding
from hikeshi.intake.permissions import Verb
from hikeshi.intake.verdicts import Verdict
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound

NEWEST: Final = ("-made_at", "-id")
SHOWN: Final = 50
Held = tuple[frozenset[int], Matchers, str]
_DUE = Prepared(
    lambda at: (
        Silence.objects.filter(ended_at=None, due_at__gt=at, starts_at__lte=at)
        .select_related("organisation")
        .order_by("id")
    ),
    at=datetime,
)
"""What holds, or may: a window that is over keeps holding until what it held has spoken, but nothing new."""


def in_force(at: datetime) -> Callable[[Row, Finding], str]:
    """One small read per batch; a second one where anything is silenced at all."""
    holding = [row for row in _DUE(at=at) if _holds(row, at)]
    held = _with_places(holding)

    def silenced(row: Row, finding: Finding) -> str:
        if not held:
            return ""
        return _first(held, row.organisation_id, told(row, finding))

    return silenced


def any_silence_over(at: datetime) -> bool:
    return Silence.objects.filter(due_at__lte=at).exists()


def told(row: Row, finding: Finding) -> Told:
    title, severity = finding.title, row.folded.severity
    seen = [{"type": one["type"], "value": one["value"]} for one in finding.observables]
    return Told(row.source, title, severity, row.fingerprint, finding.normal, seen)


def told_of(row: Alert) -> Told:
    return Told(row.source, row.title, row.severity, row.fingerprint, row.normal, row.observables)


def _first(held: list[Held], organisation: int, alert: Told) -> str:
    asked = matchers.subject(alert)
    return next((rule for places, wanted, rule in held if organisation in places and wanted.match(asked)), "")


def _holds(row: Silence, at: datetime) -> bool:
    found = silences.window(row.terms, row.zone, at)
    return found is not None and found.begins <= at


def _with_places(rows: list[Silence]) -> list[Held]:
    if not rows:
        return []
    places = list(Organisation.objects.values_list("id", "path").order_by())
    found: list[Held] = []
    for row in rows:
        below = frozenset(pk for pk, path in places if path.startswith(row.organisation.path))
        try:
            found.append((below, matchers.read(row.matchers), row.rule))
        except BadMatcher:  # was good once: RE2 became stricter with an upgrade. Then it holds nothing.
            continue
    return found


def below(row: Silence) -> QuerySet[Organisation]:
    return Organisation.objects.filter(path__startswith=row.organisation.path)


def held_by(row: Silence) -> QuerySet[Alert]:
    """For the engine and for verbs: whatever it holds, whoever may see it."""
    return queries.with_normal(Alert.objects.filter(verdict=Verdict.HOLD, rule=row.rule))


def listed(by: Actor, *, stand: str = "") -> QuerySet[Silence]:
    """Those of the reader's organisations, newest first. ``stand``: ``open`` or ``over``."""
    by.must(Verb.VIEW)
    rows = Silence.objects.select_related("organisation")
    if not by.unlimited:
        rows = rows.filter(organisation_id__in=by.organisations(Verb.VIEW))
    if stand:
        rows = rows.filter(Q(ended_at=None) if stand == "open" else ~Q(ended_at=None))
    return rows.order_by(*NEWEST)


def silence(by: Actor, uuid: UUID) -> Silence:
    """Raises NotFound."""
    found = listed(by).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("silence")
    return found


def window_of(row: Silence) -> silences.Window | None:
    """The one that holds, or the next."""
    return None if row.ended_at is not None else silences.window(row.terms, row.zone, clock.now())


def may_set(by: Actor) -> bool:
    return by.may(Verb.JUDGE)


def places(by: Actor) -> QuerySet[Organisation]:
    return accounts.organisations(by, Verb.JUDGE).filter(retired_at=None)


def may_repeat(by: Actor) -> bool:
    return by.may(Verb.MANAGE)


def held(by: Actor, rows: Sequence[Silence]) -> dict[str, int]:
    """How many alerts each holds that the reader may see, by the code on them. One query."""
    counted = queries.visible(by).filter(verdict=Verdict.HOLD, rule__in=[row.rule for row in rows])
    return dict(counted.order_by().values_list("rule").annotate(held=Count("pk")))


def shown(by: Actor, row: Silence) -> Sequence[Alert]:
    """The newest of what it holds."""
    rows = queries.visible(by).filter(verdict=Verdict.HOLD, rule=row.rule).order_by(*queries.NEWEST)
    return list(queries.brief(rows)[:SHOWN])
