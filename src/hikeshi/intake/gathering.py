"""The sightings of one batch, gathered by what they are sightings of: folded onto their rows and judged once each."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from hikeshi.intake import judging
from hikeshi.intake.benign import Entry
from hikeshi.intake.folding import JUDGED, Change, Folded, fold
from hikeshi.intake.judging import About, Before, Judgement, Options
from hikeshi.intake.marking import Hit
from hikeshi.intake.normalise import Finding, State
from hikeshi.intake.preparing import Prepared, Sighting
from hikeshi.intake.rulebook import RuleBook
from hikeshi.intake.sources.observables import Observable
from hikeshi.intake.verdicts import CALLING, Verdict
from hikeshi.kernel.ids import uuid7

MAX_WORDS = 2_000
_TURNS = frozenset({Change.REFIRED, Change.RESOLVED})
_FIRING, _RESOLVED, _OPEN = State.FIRING.value, State.RESOLVED.value, Verdict.OPEN  # as in `folding`


# A struct and not a dataclass: one is made per alert of a batch.
class Row(msgspec.Struct):
    """An alert as the digest holds it. ``id`` is 0 until the database has it."""

    id: int
    uuid: UUID
    organisation_id: int
    world: str
    source: str
    fingerprint: str
    folded: Folded
    title: str = ""
    verdict: str = ""
    rule: str = ""
    rule_version: int = 1
    reason: str = "{}"
    announced: bool = False
    entity: str = ""
    case: str = ""
    case_open: bool = False
    observables: Sequence[Observable] = ()
    normal: Mapping[str, object] = {}
    words: str = ""  # empty until something new describes the row: what it holds of the four then stays
    said: str = ""  # what describes it, by name (`preparing.Sighting`)


class Gathered(msgspec.Struct):
    row: Row
    before: Before | None
    was: Folded | None
    status: str  # when the batch began; "" for a new row
    count: int  # when the batch began
    sightings: list[Sighting]
    change: Change | None  # the one that is judged
    judged_on: Finding | None = None
    heard: Sighting | None = None  # the newest that fires, whether it is judged or not
    telling: Sighting | None = None  # what describes the row anew
    asked: Sighting | None = None  # whose finding is judged
    about: About | None = None
    options: Options | None = None
    judgement: Judgement | None = None
    together: bool = False  # a repeat that is judged for nothing but what it says together with others
    turns: Sequence[datetime] = ()  # when its state changed, as it was received


def by_fingerprint(kept: Iterable[Prepared]) -> dict[str, list[tuple[Sighting, Prepared]]]:
    found: dict[str, list[tuple[Sighting, Prepared]]] = {}
    for one in kept:
        for sighting in one.sightings:
            found.setdefault(sighting.fingerprint, []).append((sighting, one))
    return found


def gather(sightings: Sequence[tuple[Sighting, Prepared]], row: Row | None) -> Gathered:
    """Folds one fingerprint's sightings, in the order of what they report, onto its row or a new one."""
    known = folded = None if row is None else row.folded
    before = None if row is None else Before(row.verdict, row.rule, row.case, row.case_open, row.rule_version)
    gathered = Gathered(
        row=row or new_row(*sightings[0]),
        before=before,
        was=known,
        status="" if known is None else known.status,
        count=0 if known is None else known.count,
        sightings=[sighting for sighting, _ in sightings],
        change=None,
    )
    telling: Sighting | None = None
    turns: list[datetime] = []
    came = gathered.sightings
    for sighting in sorted(came, key=_order) if len(came) > 1 else came:
        event = sighting.told.event
        telling = sighting if telling is None or not _only_follows(sighting) else telling
        folded, change = fold(folded, event)
        if change in _TURNS:
            turns.append(sighting.received_at)
        gathered.heard = sighting if event.state == _FIRING else gathered.heard
        # What began and ended within one batch is judged as it was while it fired.
        if change in JUDGED and (gathered.asked is None or event.state == _FIRING):
            gathered.change, gathered.asked = gathered.change or change, sighting
    if folded is not None:
        gathered.row.folded = folded
    gathered.turns = turns
    if telling is not None and _says_more(gathered.row, telling):
        newest_known = None if known is None else known.newest_change
        if newest_known is None or telling.told.event.changed >= newest_known:
            gathered.telling = telling
    return gathered


Silenced = Callable[[Row, Finding], str]
"""Asks what holds an alert meanwhile; empty: nothing does."""
Harmless = Callable[[Row, Finding], Entry | None]
"""Asks by which entry an alert names a value known to be harmless."""


def take_up(
    all_gathered: Iterable[Gathered], book: RuleBook, hits: Mapping[str, Sequence[Hit]]
) -> list[tuple[int, Sighting]]:
    """Settles what is judged. Returns what must be whole for it and for describing rows, each with its organisation."""
    wanted = []
    for one in all_gathered:
        _take_up_again(one, book)
        if one.row.fingerprint in hits:
            _take_up_together(one)
        wanted += [(one.row.organisation_id, each) for each in (one.asked, one.telling) if each is not None]
    return wanted


def describe(all_gathered: Iterable[Gathered]) -> None:
    """Once what describes them is whole."""
    for one in all_gathered:
        if one.telling is not None:
            _describe(one.row, one.telling)
        if one.asked is not None:
            one.judged_on = one.asked.finding


def weigh(
    all_gathered: Iterable[Gathered],
    book: RuleBook,
    silenced: Silenced,
    hits: Mapping[str, Sequence[Hit]],
    *,
    harmless: Harmless,
    flapping: Collection[str] = (),
) -> list[str]:
    """Asks the rules, once per alert that is judged; ``flapping`` by fingerprint. Returns what `judge` must know the
    holders of.
    """
    asked: dict[str, None] = {}
    for one in all_gathered:
        if one.change is None:
            continue
        found = tuple(hits.get(one.row.fingerprint, ()))
        if one.change is not None and one.judged_on is not None:
            row = one.row
            one.about = judging.About(one.judged_on, one.change, one.before, row.organisation_id, row.world)
            one.options = judging.Options(
                judging.asked(one.about, book),
                silenced(row, one.judged_on),
                found,
                one.together,
                harmless(row, one.judged_on),
                row.fingerprint in flapping,
            )
            asked |= dict.fromkeys(one.options.entities)
    return list(asked)


def _take_up_again(one: Gathered, book: RuleBook) -> None:
    """A repeat is not judged, unless what silenced the alert is over and it still fires."""
    still = one.change is None and one.row.folded.status == _FIRING
    if still and one.heard is not None and one.before is not None and one.before.released(book):
        one.change, one.asked = Change.REPEATED, one.heard


def _take_up_together(one: Gathered) -> None:
    """A repeat that completes what several alerts say together is judged, unless a case has it or a person spoke."""
    before = one.before
    if one.change is not None or one.heard is None or before is None or one.row.folded.status != _FIRING:
        return
    if not (before.case_open or before.verdict in CALLING or before.rule == judging.PERSON):
        one.change, one.asked, one.together = Change.REPEATED, one.heard, True


def judge(all_gathered: Sequence[Gathered], holders: Mapping[str, tuple[UUID, str]]) -> None:
    """Gives each its judgement; one that opens a case is who the next about the same thing joins."""
    known = dict(holders)
    for one in all_gathered:
        if one.about is None or one.options is None:
            continue
        judgement = judging.judge(one.about, one.options, known.get)
        if judgement is not None:
            decide(one, judgement)
            if judgement.verdict is _OPEN and judgement.entity:
                known[judgement.entity] = (one.row.uuid, "")
            if judgement.verdict in CALLING:
                holding = (judgement.beside or one.row.uuid, judgement.case)
                for each in (one.row.fingerprint, *(judgement.hit.found.members if judgement.hit else ())):
                    known.setdefault(judging.member(each), holding)


def _order(sighting: Sighting) -> tuple[float, bool]:
    """By the instant of what is reported; at one instant the end comes last, as in `folding`."""
    event = sighting.told.event
    return event.changed.timestamp(), event.state == _RESOLVED


def new_row(sighting: Sighting, prepared: Prepared) -> Row:
    event, item = sighting.told.event, prepared.item
    unfolded = Folded(0, 0, event.first, event.last, None, None, event.severity)
    return Row(
        id=0,
        uuid=uuid7(),
        organisation_id=item.organisation_id,
        world=item.world.value,
        source=item.source,
        fingerprint=sighting.fingerprint,
        folded=unfolded,
    )


def _says_more(row: Row, sighting: Sighting) -> bool:
    """The newest report of it while it fired says what the alert is called and what is known of it: an incident that it
    opened is not called "Disk on db1: OK". What the row says already is not written again.
    """
    if row.title and _only_follows(sighting):
        return False
    return not sighting.said or sighting.said != row.said


def _describe(row: Row, sighting: Sighting) -> None:
    finding, row.said = sighting.finding, sighting.said
    row.title, row.observables, row.normal = finding.title, finding.observables, finding.normal
    row.words = "\n".join([finding.title, *[one["value"] for one in finding.observables]]).casefold()[:MAX_WORDS]


def _only_follows(sighting: Sighting) -> bool:
    return sighting.told.follows or sighting.told.event.state == _RESOLVED


def decide(one: Gathered, judgement: Judgement) -> None:
    one.judgement, row = judgement, one.row
    row.verdict, row.rule, row.rule_version = judgement.verdict.value, judgement.rule, judgement.version
    row.reason = judgement.reason
    row.entity = judgement.entity or row.entity
