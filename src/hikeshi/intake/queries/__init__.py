"""What may be read of intake. Every answer is bounded by the reader's organisations and by need to know."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Length

from hikeshi.intake.inbox import framing
from hikeshi.intake.models import BODIES, CaseMember, Heard, RawBody
from hikeshi.intake.models import Alert as Alert  # surfaces name what they are handed
from hikeshi.intake.models import Parked as Parked
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries.taking_up import take_up
from hikeshi.intake.sources import book, signing
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotAllowed, NotFound
from hikeshi.kernel.texts import sought
from hikeshi.ledger import access

NEWEST = ("-last_seen", "-id")


def visible(by: Actor) -> QuerySet[Alert]:
    """Alerts of the reader's organisations; those of a restricted case only for its members, whoever else asks."""
    rows = Alert.objects.all()
    if by.unlimited:
        return rows
    member = CaseMember.objects.filter(case=OuterRef("case"), person_id=by.person_id or 0)
    return rows.filter(organisation_id__in=by.organisations(Verb.VIEW)).filter(Q(restricted=False) | Exists(member))


def alerts(
    by: Actor,
    *,
    q: str = "",
    source: str = "",
    severity: int = 0,
    status: str = "",
    verdict: str = "",
    case: str = "",
) -> QuerySet[Alert]:
    """The queue, newest first. ``severity`` is the least wanted; ``verdict`` one or several with commas; ``case`` a
    subject or ref, or "none". Raises NotAllowed, Invalid.
    """
    by.must(Verb.VIEW)
    rows = visible(by)
    for word in sought(q.casefold()):
        rows = rows.filter(words__contains=word)
    if source:
        rows = rows.filter(source=source)
    if severity:
        rows = rows.filter(severity__gte=severity)
    if status:
        rows = rows.filter(status=status)
    if verdict:
        rows = rows.filter(verdict__in=verdict.split(","))
    if case:
        rows = rows.filter(of_case(case))
    return rows.order_by(*NEWEST)


def brief(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    """For a list of many: without the columns that only an alert's own page shows."""
    return rows.defer("observables", "words")


def with_normal(rows: QuerySet[Alert]) -> QuerySet[Alert]:
    """Each with what it says in OCSF's names, which stands in a table of its own."""
    return rows.select_related("normal_form")


def of_case(case: str) -> Q:
    """Alerts of a case, by its subject or ref, or of none.

    Says in the index's own words that there is a case, or SQLite would not see that its partial index serves.
    """
    if case == "none":
        return Q(case="")
    return ~Q(case="") & (Q(case=case) if ":" in case else Q(case_ref=case))


def alert(by: Actor, uuid: UUID) -> Alert:
    """Raises NotFound, also for an alert of a restricted case the reader is no member of."""
    by.must(Verb.VIEW)
    found = with_normal(visible(by).filter(uuid=uuid)).first()
    if found is None:
        raise NotFound("alert")
    return found


_JUDGED = Prepared(lambda uuid: Alert.objects.select_related("organisation").filter(uuid=uuid)[:1], uuid=UUID)


def judged(by: Actor, uuid: UUID) -> Alert:
    """As ``alert``, with where it belongs, for packages above that hear of a judgement. Raises NotFound, NotAllowed."""
    if not by.unlimited:
        raise NotAllowed(Verb.VIEW)
    found = next(iter(_JUDGED(uuid=uuid)), None)
    if found is None:
        raise NotFound("alert")
    return found


def slot(number: int) -> int:
    """Where the body of an alert's nth sighting is kept: the first for ever, the others in a ring."""
    return 0 if number <= 1 else 1 + (number - 2) % BODIES


def raw_of(by: Actor, row: Alert) -> RawBody:
    """The newest body. Raises NotFound. Reading one of a restricted case is noted."""
    shown = alert(by, row.uuid)
    found = RawBody.objects.filter(alert=shown, slot=slot(shown.count)).first()
    found = found or RawBody.objects.filter(alert=shown).order_by("-received_at", "-slot").first()
    if found is None:
        raise NotFound("raw")
    if shown.restricted:
        access.note_reading(by=by, subject=f"alert:{shown.uuid}", what="raw")
    return found


def newest_bodies(by: Actor, rows: Sequence[Alert], *, largest: int) -> dict[UUID, RawBody]:
    """The newest body of each of these alerts, in one query, for a list: none above ``largest`` bytes, none of a
    restricted case, whose reading is noted one by one.
    """
    shown = [row for row in rows if not row.restricted]
    places: dict[int, list[int]] = {}
    for row in shown:
        places.setdefault(slot(row.count), []).append(row.pk)
    wanted = Q(pk__in=[])
    for number, alerts_there in places.items():
        wanted |= Q(slot=number, alert__in=alerts_there)
    seen = visible(by).filter(pk__in=[row.pk for row in shown])
    found = RawBody.objects.annotate(size=Length("body")).filter(wanted, size__lte=largest, alert__in=seen)
    return {body.alert.uuid: body for body in found.select_related("alert")}


def text_of(body: RawBody) -> str:
    """The body as text, in the encoding it is found to be in; what cannot be read stands as U+FFFD."""
    return text_of_bytes(bytes(body.body), body.content_type)


def text_of_bytes(body: bytes, content_type: str) -> str:
    return framing.legible(body, content_type)


def bodies_of(by: Actor, row: Alert) -> Sequence[RawBody]:
    """The first body and the newest ones, oldest first."""
    shown = alert(by, row.uuid)
    if shown.restricted:
        access.note_reading(by=by, subject=f"alert:{shown.uuid}", what="raw")
    return sorted(RawBody.objects.filter(alert=shown), key=lambda body: (body.received_at, body.slot))


def reason_of(row: Alert, language: str) -> str:
    """Why the alert got its verdict: a rule's sentence in this language, or a person's own words."""
    said: dict[str, str] = json.loads(row.reason)
    return said.get(language) or said.get("") or said.get("en", "")


@dataclass(frozen=True, slots=True)
class SourceInfo:
    code: str
    name: str
    vendor: str
    documentation: str
    reads: str
    name_ja: str = ""


def signs(source: str) -> bool:
    """Whether the maker signs what it sends in a way of its own."""
    return source in signing.makers()


def sources() -> tuple[SourceInfo, ...]:
    """Every source that is read today and that somebody may connect, the site's own among them."""
    take_up()
    return tuple(
        SourceInfo(one.code, one.name, one.vendor, one.documentation, one.reads, one.name_ja)
        for one in book.sources().values()
        if one.code != book.CANARY
    )


def source_name(code: str, language: str) -> str:
    """As this process reads it now, without asking the database; the code itself where nothing is read as that."""
    found = book.sources().get(code)
    if found is None:
        return code
    return found.name_ja or found.name if language == "ja" else found.name


def parked(by: Actor) -> QuerySet[Parked]:
    """What could not be read, newest first."""
    by.must(Verb.MANAGE)
    rows = Parked.objects.all()
    if not by.unlimited:
        rows = rows.filter(organisation_id__in=by.organisations(Verb.MANAGE))
    return rows.order_by("-received_at", "-id")


@dataclass(frozen=True, slots=True)
class Totals:
    """Since the site began. ``digested`` in alerts, parked ones included: the sum of all counts plus ``parked``."""

    digested: int
    alerts: int  # rows ever made
    parked: int  # alerts put aside and not read since


def totals() -> Totals:
    sums = Heard.objects.aggregate(digested=Sum("digested"), rows=Sum("rows"), parked=Sum("parked"))
    return Totals(sums["digested"] or 0, sums["rows"] or 0, sums["parked"] or 0)
