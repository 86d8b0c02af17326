"""The writing half of the digest: fold onto rows, judge, write, count, announce. One batch is one transaction.

The receipts worked through are written in it: the inbox may live in another file, and a crash between the two repeats
work, and never counts twice.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from uuid import UUID

from hikeshi.accounts.models import Organisation
from hikeshi.intake import gathering, judging, queries, repeats
from hikeshi.intake.actions import correlating, failing, flaps, rows, seeing, sides
from hikeshi.intake.enriching import complete, enrich
from hikeshi.intake.facts import AlertJudged, AlertResolved, Digested
from hikeshi.intake.facts import Parked as ParkedFact
from hikeshi.intake.folding import Change
from hikeshi.intake.gathering import Gathered, Row
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import BODIES, Parked
from hikeshi.intake.normalise import State
from hikeshi.intake.preparing import Aside, Prepared, prepare
from hikeshi.intake.queries import calming, ruling, silencing
from hikeshi.intake.rulebook import RuleBook
from hikeshi.intake.verdicts import CALLING
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record

DIGEST = system("digest")


@dataclass(frozen=True, slots=True)
class DigestResult:
    receipts: int
    alerts: int  # read or put aside
    new: int
    parked: int
    announced: int


NOTHING = DigestResult(0, 0, 0, 0, 0)


@action
def write(prepared: Sequence[Prepared], book: RuleBook) -> DigestResult:
    """For the engine, by these rules. Receipts that another digester worked through meanwhile are passed over."""
    ours = rows.consume({one.item.receipt: one.alerts for one in prepared}, clock.now())
    return _store([one for one in prepared if one.item.receipt in ours], book)


def again(row: Parked) -> DigestResult:
    """Inside an action: reads a parked body with today's mappings, in its place. It was counted when it came."""
    item = InboxItem(
        receipt=uuid7(),
        source=row.source,
        organisation_id=row.organisation_id,
        body=bytes(row.body),
        content_type=row.content_type,
        received_at=row.received_at,
        world=World(row.world),
        alerts=row.alerts,
    )
    rows.hear([(row.organisation_id, row.source, row.received_at, -row.alerts, 0, -row.alerts)])
    row.delete()
    prepared = prepare([item])
    enrich(prepared)
    return _store(prepared, ruling.book())


def _store(kept: Sequence[Prepared], book: RuleBook) -> DigestResult:
    """Inside an action: the rows, bodies, counts and facts of what was prepared."""
    if not kept:
        return NOTHING
    written = _fold(kept, book)
    members = correlating.explain(written)
    telling = [one for one in written if one.judgement is not None or one.row.case]
    announced = sum([announce(one, members.get(one.row.uuid, ())) for one in telling])
    parked = sum([_park(one.item, aside) for one in kept for aside in one.aside])
    made = [one.row for one in written if one.before is None]
    alerts = sum(one.alerts for one in kept)
    _count(kept, made)
    seeing.count(made)
    count_hits(written)
    fact = Digested(
        receipts=len(kept),
        alerts=alerts,
        new=len(made),
        parked=parked,
        sources=dict(sorted(Counter(one.item.source for one in kept).items())),
    )
    record(fact, subject="intake:digest", by=DIGEST, world=kept[0].item.world, topics=("alerts",))
    return DigestResult(len(kept), alerts, len(made), parked, announced)


def _fold(kept: Sequence[Prepared], book: RuleBook) -> list[Gathered]:
    """Folds, judges and writes; once more for fingerprints that another digester wrote first."""
    waiting = gathering.by_fingerprint(kept)
    silenced, harmless = silencing.in_force(clock.now()), calming.harmless(clock.now())
    hits = correlating.together(
        kept, book, lambda one, sighting: bool(silenced(gathering.new_row(sighting, one), sighting.finding))
    )
    opening = {judging.member(each): holding for each, holding in correlating.members(hits).items()} if hits else {}
    written: list[Gathered] = []
    while waiting:
        order = sorted(waiting)
        known = rows.held(order)
        found = [gathering.gather(waiting[each], known.get(each)) for each in order]
        complete(gathering.take_up(found, book, hits))
        gathering.describe(found)
        looked = sides.look(found, clock.now())
        turning = flaps.look(found, clock.now())
        asked = gathering.weigh(
            found, book, sides.quiet(silenced, looked.held), hits, harmless=harmless, flapping=turning.flapping
        )
        gathering.judge(found, (rows.holders(asked) if asked else {}) | opening)
        for one in found:
            if one.judgement is not None:
                one.row.announced = one.row.announced or calls(one)
        lost = rows.insert([one.row for one in found if one.before is None])
        stood = [(one, one.was) for one in found if one.was is not None]
        rows.update([one.row for one, _ in stood if one.row.words or one.judgement is not None])
        rows.fold([(one.row, was) for one, was in stood if not one.row.words and one.judgement is None])
        found = [one for one in found if one.row.fingerprint not in lost]
        looked.write(found)
        turning.write(found)
        _keep_bodies(found)
        written += found
        waiting = {each: waiting[each] for each in waiting if each in lost}
    failing.settle(DIGEST, book.asking)
    for one in written:
        if one.row.said and one.sightings[-1].enriched:  # of the others it is remembered
            repeats.describe(one.row.fingerprint, one.row.said)
    return written


def calls(one: Gathered) -> bool:
    """Whether the ledger must know: a case is called for, or is no longer; or what a fact said holds no more."""
    if one.judgement is None:
        return False
    if one.before is None:
        return one.judgement.verdict in CALLING
    said = (one.before.verdict, one.before.rule) != (one.judgement.verdict, one.judgement.rule)
    return one.judgement.verdict in CALLING or one.before.verdict in CALLING or (one.row.announced and said)


def _keep_bodies(written: Sequence[Gathered]) -> None:
    """The first sighting's body for ever, the newest in a ring; of many in one batch only those that stay."""
    bodies = []
    for one in written:
        last = one.count + len(one.sightings)
        for number, each in enumerate(one.sightings, one.count + 1):
            if number == 1 or number > last - BODIES:
                bodies.append((one.row.id, queries.slot(number), each))
    rows.keep_bodies(bodies)


def announce(one: Gathered, members: tuple[UUID, ...] = ()) -> int:
    """Facts about single alerts: those that call for a case, and those of a case that are over."""
    row = one.row
    if one.judgement is not None and calls(one):
        judgement = one.judgement
        fact = AlertJudged(
            alert=row.uuid,
            source=row.source,
            fingerprint=row.fingerprint,
            organisation=_organisation(row.organisation_id),
            severity=row.folded.severity,
            change=one.change or Change.NEW,
            verdict=judgement.verdict,
            rule=judgement.rule,
            rule_version=judgement.version,
            kind=judgement.kind,
            impact=judgement.impact,
            effect=judgement.effect,
            urgency=judgement.urgency,
            first_seen=row.folded.first_seen,
            case=judgement.case,
            beside=judgement.beside,
            members=members,
            opens=judgement.opens,
        )
        record(fact, subject=f"alert:{row.uuid}", by=DIGEST, world=World(row.world), topics=("alerts",))
        return 1
    over = row.folded.resolved_at
    if row.case and over is not None and one.status == State.FIRING and row.folded.status == State.RESOLVED:
        record(
            AlertResolved(alert=row.uuid, source=row.source, case=row.case, at=over),
            subject=row.case,
            by=DIGEST,
            world=World(row.world),
            topics=("alerts",),
        )
        return 1
    return 0


def _park(item: InboxItem, aside: Aside) -> int:
    row = Parked.objects.create(
        organisation_id=item.organisation_id,
        world=item.world.value,
        source=item.source[:40],
        receipt=item.receipt,
        received_at=item.received_at,
        content_type=aside.content_type,
        body=aside.body,
        alerts=aside.alerts,
        error=aside.error,
        detail=aside.detail,
    )
    fact = ParkedFact(parked=row.uuid, source=row.source, error=row.error, alerts=row.alerts)
    record(fact, subject=f"parked:{row.uuid}", by=DIGEST, world=item.world, topics=("parked",))
    return aside.alerts


def _count(kept: Sequence[Prepared], made: Sequence[Row]) -> None:
    new = Counter((row.organisation_id, row.source) for row in made)
    by_source: dict[tuple[int, str], list[Prepared]] = {}
    for one in kept:
        by_source.setdefault((one.item.organisation_id, one.item.source[:40]), []).append(one)
    counts = []
    for key, ones in sorted(by_source.items()):
        last = max(one.item.received_at for one in ones)
        aside = sum(each.alerts for one in ones for each in one.aside)
        counts.append((*key, last, sum(one.alerts for one in ones), new[key], aside))
    rows.hear(counts)


def count_hits(written: Sequence[Gathered]) -> None:
    """One row per rule and organisation of the batch, and one for all days, whatever the number of alerts."""
    now = clock.now()
    hits = Counter((one.judgement.rule, one.row.organisation_id) for one in written if one.judgement is not None)
    rows.hit([(*key, day, count, now) for key, count in sorted(hits.items()) for day in (ruling.EVER, now.date())])


@cache
def _organisation(pk: int) -> UUID:
    """An organisation's uuid never changes."""
    return Organisation.objects.values_list("uuid", flat=True).get(pk=pk)
