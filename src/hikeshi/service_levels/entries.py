"""Which of the ledger's facts about a record move its clocks, and what each says."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, TypeVar, cast

from hikeshi.incidents import facts
from hikeshi.kernel.facts import Fact, kind_of
from hikeshi.ledger.models import Entry
from hikeshi.service_levels.events import Event, Noted, What
from hikeshi.service_levels.facts import Looked, TermsRenewed

F = TypeVar("F", bound=Fact)
Read = Callable[[Fact, int, datetime], Event]
_READS: Final[dict[type[Fact], Read]] = {}


def _reads(kind: type[F]) -> Callable[[Callable[[F, int, datetime], Event]], Callable[[F, int, datetime], Event]]:
    def declare(read: Callable[[F, int, datetime], Event]) -> Callable[[F, int, datetime], Event]:
        _READS[kind] = cast("Read", read)
        return read

    return declare


def _plain(what: What, *kinds: type[Fact]) -> None:
    for kind in kinds:
        _READS[kind] = lambda _, number, at: Event(number, at, what)


_plain(What.LEFT, facts.Unassigned)
_plain(What.RESUMED, facts.WaitEnded)
_plain(What.ASKED, facts.MessageReceived)
_plain(What.ANSWERED, facts.MessageSent, facts.QuestionAsked, facts.MessagesRead)
_plain(What.RESOLVED, facts.Resolved)
_plain(What.CLOSED, facts.Closed)
_plain(What.REOPENED, facts.Reopened)
_plain(What.RENEWED, TermsRenewed)
_plain(What.MERGED, facts.Merged)
_plain(What.UNMERGED, facts.Unmerged)


@_reads(facts.Opened)
def _opened(fact: facts.Opened, number: int, at: datetime) -> Event:
    return Event(number, at, What.OPENED, code=fact.record_class, kind=fact.kind, priority=fact.priority)


@_reads(facts.PriorityChanged)
def _priority(fact: facts.PriorityChanged, number: int, at: datetime) -> Event:
    return Event(number, at, What.PRIORITY, priority=fact.priority)


@_reads(facts.UrgencyRaised)
def _raised(fact: facts.UrgencyRaised, number: int, at: datetime) -> Event:
    return Event(number, at, What.PRIORITY, priority=fact.priority)


@_reads(facts.UrgencyEased)
def _eased(fact: facts.UrgencyEased, number: int, at: datetime) -> Event:
    return Event(number, at, What.PRIORITY, priority=fact.priority)


@_reads(facts.Classified)
def _classified(fact: facts.Classified, number: int, at: datetime) -> Event:
    return Event(number, at, What.CLASS, code=fact.record_class)


@_reads(facts.Declared)
def _declared(fact: facts.Declared, number: int, at: datetime) -> Event:
    return Event(number, at, What.CLASS, code=fact.record_class)


@_reads(facts.KindChanged)
def _kind(fact: facts.KindChanged, number: int, at: datetime) -> Event:
    return Event(number, at, What.KIND, kind=fact.kind)


@_reads(facts.AssetLinked)
def _linked(fact: facts.AssetLinked, number: int, at: datetime) -> Event:
    return Event(number, at, What.LINKED, codes=(str(fact.asset),))


@_reads(facts.AssetsFound)
def _found(fact: facts.AssetsFound, number: int, at: datetime) -> Event:
    return Event(number, at, What.LINKED, codes=tuple(str(one.asset) for one in fact.items))


@_reads(facts.AssetUnlinked)
def _unlinked(fact: facts.AssetUnlinked, number: int, at: datetime) -> Event:
    return Event(number, at, What.UNLINKED, codes=(str(fact.asset),))


@_reads(facts.Assigned)
def _held(fact: facts.Assigned, number: int, at: datetime) -> Event:
    return Event(number, at, What.HELD, code=fact.owner)


@_reads(facts.WaitBegan)
def _waited(fact: facts.WaitBegan, number: int, at: datetime) -> Event:
    return Event(number, at, What.WAITED, code=fact.waiting)


@_reads(facts.MomentSet)
def _moment_set(fact: facts.MomentSet, number: int, at: datetime) -> Event:
    return Event(number, at, What.TIME, code=fact.kind, moment=fact.at)


@_reads(facts.MomentMarked)
def _moment_marked(fact: facts.MomentMarked, number: int, at: datetime) -> Event:
    return Event(number, at, What.TIME, code=fact.kind, moment=fact.at)


MOVING: Final = tuple(_READS)
NAMES: Final = tuple(kind.name for kind in MOVING)


def events(entries: Iterable[Entry]) -> list[Event]:
    found = []
    for entry in entries:
        kind = kind_of(entry.fact)
        if kind is not None and kind in _READS:
            found.append(_READS[kind](kind.read(entry.body), entry.number, entry.at))
    return found


def noted(entries: Iterable[Entry]) -> list[Noted]:
    facts_ = [Looked.read(entry.body) for entry in entries if entry.fact == Looked.name]
    return [Noted(one.entry, one.places, one.teams, one.hours) for one in facts_]
