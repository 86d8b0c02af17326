"""Values known to be harmless and alerts that flap, as they are read."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.intake import benign, flapping
from hikeshi.intake.benign import BadValue, Book, Entry
from hikeshi.intake.gathering import Harmless, Row
from hikeshi.intake.models import Alert, Flap, FlapTerms, RuleHits
from hikeshi.intake.models import Benign as Benign  # surfaces name what they are handed
from hikeshi.intake.normalise import Finding
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import ruling, silencing
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound

NEWEST: Final = ("-made_at", "-id")


def harmless(at: datetime) -> Harmless:
    """One small read per batch; a second one where anything is listed at all. What it says is read once."""
    listed_now = tuple(_LISTED_NOW(at=at))
    places = tuple(Organisation.objects.values_list("id", "path").order_by("id")) if listed_now else ()
    book = _compiled(listed_now, places)

    def asked(row: Row, finding: Finding) -> Entry | None:
        return book.find(row.organisation_id, silencing.told(row, finding)) if book else None

    return asked


def _in_force(at: datetime) -> QuerySet[Benign]:
    return Benign.objects.filter(ended_at=None, until__gt=at)


_LISTED_NOW = Prepared(lambda at: _in_force(at).order_by("id").values_list("uuid", flat=True), at=datetime)


@lru_cache(maxsize=4)
def _compiled(listed_now: tuple[UUID, ...], places: tuple[tuple[int, str], ...]) -> Book:
    found = []
    for row in Benign.objects.filter(uuid__in=listed_now).select_related("organisation").order_by("id"):
        below = frozenset(pk for pk, path in places if path.startswith(row.organisation.path))
        try:
            values, networks = benign.read(row.terms.kind, row.values)
        except BadValue:  # was good once: values are spelled more strictly since an upgrade. Then it says nothing.
            continue
        found.append(Entry(row.rule, row.reason, below, row.terms.kind, values, networks))
    return Book(found)


def listed(by: Actor, *, stand: str = "") -> QuerySet[Benign]:
    """Those of the reader's organisations, newest first. ``stand``: ``open``, ``review`` or ``over``."""
    by.must(Verb.VIEW)
    rows, now = Benign.objects.select_related("organisation"), clock.now()
    if not by.unlimited:
        rows = rows.filter(organisation_id__in=by.organisations(Verb.VIEW))
    counts = Q(ended_at=None, until__gt=now)
    stands = {"open": counts, "review": counts & Q(until__lte=now + benign.REVIEWED_BEFORE), "over": ~counts}
    return rows.filter(stands.get(stand, Q())).order_by(*NEWEST)


def entry(by: Actor, uuid: UUID) -> Benign:
    """Raises NotFound."""
    found = listed(by).filter(uuid=uuid).first()
    if found is None:
        raise NotFound("benign")
    return found


def hits(by: Actor, rows: Sequence[Benign]) -> dict[str, int]:
    """How often each kept an alert from opening an incident, by its code. One query."""
    counted = RuleHits.objects.filter(rule__in=[row.rule for row in rows], day=ruling.EVER)
    if not by.unlimited:
        counted = counted.filter(organisation_id__in=by.organisations(Verb.VIEW))
    return dict(counted.order_by().values_list("rule").annotate(sum=Sum("hits")))


def may_set(by: Actor) -> bool:
    return by.may(Verb.MANAGE)


def places(by: Actor) -> QuerySet[Organisation]:
    return accounts.organisations(by, Verb.MANAGE).filter(retired_at=None)


def flap_terms() -> flapping.Terms:
    row = FlapTerms.objects.order_by("id").first()
    return flapping.Terms() if row is None else flapping.Terms(row.changes, row.minutes)


def seen(row: Flap) -> flapping.Seen:
    return flapping.Seen(tuple(datetime.fromtimestamp(at / 1000, UTC) for at in row.moments), row.since)


def flapping_since(rows: Sequence[Alert]) -> dict[int, datetime]:
    """By the alerts among these that flap. One query where any fired again, none else."""
    again = [row.pk for row in rows if row.fired]
    if not again:
        return {}
    found = Flap.objects.filter(alert__in=again).exclude(since=None).values_list("alert", "since").order_by()
    return {pk: since for pk, since in found if since is not None}


def any_flap_due(at: datetime) -> bool:
    return Flap.objects.filter(due_at__lte=at).exists()
