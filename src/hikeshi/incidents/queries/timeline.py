"""The timeline: ledger entries of one record, put into the reader's words when they are read.

Sentences come from phrases; personal words (a note, a reason, a title) are joined from the rows the facts point to.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import facts
from hikeshi.incidents.models import (
    Attachment,
    Cost,
    Decision,
    FactItem,
    Incident,
    Link,
    Message,
    Note,
    Passage,
    Reporter,
    Task,
)
from hikeshi.incidents.queries.assets import names_seen
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.incidents.queries.visibility import note_reading, visible
from hikeshi.intake.facts import CaseLinked
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Commitment, Fact, commit, kind_of
from hikeshi.kernel.paging import Page, paginate
from hikeshi.kernel.refusals import Invalid
from hikeshi.ledger.models import Entry
from hikeshi.phrases import labels, sentences

ORDER = ("-number",)
PERSON = "person:"
REPORTER = "reporter:"
HISTORY_STEP = 1_000


class Only(StrEnum):
    ALL = "all"
    PEOPLE = "people"
    DECISIONS = "decisions"


class LineKind(StrEnum):
    NOTE = "note"
    DECISION = "decision"
    ACT = "act"
    MACHINE = "machine"


DECISIONS = frozenset(
    one.name
    for one in (
        facts.Declared,
        facts.Classified,
        facts.KindChanged,
        facts.PriorityChanged,
        facts.UrgencyRaised,
        facts.UrgencyEased,
        facts.PhaseStarted,
        facts.PhaseSkipped,
        facts.GateConfirmed,
        facts.GateOverridden,
        facts.Restricted,
        facts.Unrestricted,
        facts.GlassBroken,
        facts.DecisionMade,
        facts.Closed,
        facts.Reopened,
    )
)
# Said by another line of the same act already.
SILENT = frozenset({facts.CourseTaken.name, facts.GateMet.name, facts.MomentMarked.name, CaseLinked.name})


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """``detail`` is people's own words; Markdown where ``markdown`` says so, else plain. ``was``: what it replaced."""

    number: int
    at: datetime
    actor: str
    actor_name: str
    kind: LineKind
    fact: str
    sentence: str
    detail: str = ""
    was: str = ""
    markdown: bool = False


def timeline(
    by: Actor, ref: str, *, only: str = Only.ALL, cursor: str | None = None, limit: int = 50
) -> Page[TimelineLine]:
    """Newest first. Reading that of a restricted record is noted in the access log. Raises NotFound, Invalid."""
    return timeline_of(by, find(by, ref), only=only, cursor=cursor, limit=limit)


def timeline_of(
    by: Actor, record: Incident, *, only: str = Only.ALL, cursor: str | None = None, limit: int = 50
) -> Page[TimelineLine]:
    """The same for a record this reader has just found. Raises Invalid."""
    note_reading(by, record, "timeline")
    page = paginate(_entries(record, only), order=ORDER, cursor=cursor, limit=limit)
    return Page(_lines(by, record, page.items), page.next, page.total, page.total_exact)


_HUMAN = Q(actor__startswith=PERSON) | Q(actor__startswith=REPORTER)


def history(by: Actor, ref: str, *, most: int) -> tuple[list[TimelineLine], int]:
    """All of it, oldest first, and how many of the oldest are left out where there are more than ``most``.

    Raises NotFound. Whoever asks notes the reading. Queries grow by one set for every 1,000 entries.
    """
    record = find(by, ref)
    rows = _entries(record, Only.ALL).order_by("-number")
    newest = list(rows[:most])
    left_out = max(rows.count() - most, 0) if len(newest) == most else 0
    newest.reverse()
    lines = [
        line
        for at in range(0, len(newest), HISTORY_STEP)
        for line in _lines(by, record, newest[at : at + HISTORY_STEP])
    ]
    return lines, left_out


def _entries(record: Incident, only: str) -> QuerySet[Entry]:
    rows = Entry.objects.filter(subject=record.subject)
    if only == Only.PEOPLE:
        return rows.filter(_HUMAN).exclude(fact__in=SILENT)
    if only == Only.DECISIONS:
        return rows.filter(fact__in=DECISIONS)
    if only == Only.ALL:
        return rows.exclude(fact__in=SILENT)
    raise Invalid("only", "not_a_choice", choices=", ".join(Only))


@dataclass(frozen=True, slots=True)
class _Words:
    """Personal words by the uuid of their row, or by the commitment they fulfil; names of people by their reference."""

    texts: Mapping[UUID, str]
    proved: Mapping[str, str]
    names: Mapping[str, str]


def _lines(by: Actor, record: Incident, entries: Sequence[Entry]) -> list[TimelineLine]:
    read = [(entry, _fact(entry)) for entry in entries]
    words = _words(by, record, entries, [fact for _, fact in read if fact is not None])
    return [_line(entry, fact, words) for entry, fact in read]


def _fact(entry: Entry) -> Fact | None:
    kind = kind_of(entry.fact)
    return None if kind is None else kind.read(entry.body)


def _line(entry: Entry, fact: Fact | None, words: _Words) -> TimelineLine:
    values = _values(fact)
    said = {name: words.names.get(value, value) if isinstance(value, str) else value for name, value in values.items()}
    return TimelineLine(
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        actor_name=words.names.get(entry.actor) or _unnamed(entry.actor),
        kind=_kind(entry),
        fact=entry.fact,
        sentence=sentences.sentence(entry.fact, said),
        detail=_detail(values, words.texts, DETAIL) or _stated(fact, words.proved) or _found(fact, words.texts),
        was=_detail(values, words.texts, WAS),
        markdown=isinstance(fact, facts.NoteWritten),
    )


def _unnamed(actor: str) -> str:
    kind, _, name = actor.partition(":")
    return labels.label("desk", "reporter" if f"{kind}:" == REPORTER else name)


def _kind(entry: Entry) -> LineKind:
    if entry.fact == facts.NoteWritten.name:
        return LineKind.NOTE
    if entry.fact in DECISIONS:
        return LineKind.DECISION
    return LineKind.ACT if entry.actor.startswith((PERSON, REPORTER)) else LineKind.MACHINE


def _values(fact: Fact | None) -> dict[str, object]:
    """The fact's fields, without what only proves."""
    if fact is None:
        return {}
    found = {one.name: getattr(fact, one.name) for one in fields(fact)}  # type: ignore[arg-type]  # every fact is a dataclass
    return {name: value for name, value in found.items() if not isinstance(value, Commitment)}


_WORDED = (
    (Passage, "text"),
    (Note, "text"),
    (Task, "title"),
    (Link, "url"),
    (Attachment, "name"),
    (Decision, "question"),
    (Cost, "note"),
    (Message, "text"),
)
# Fields whose words belong under the sentence, and those that hold what was replaced.
DETAIL = (
    *("into", "other", "parent", "note", "file", "asset", "reason", "task", "link", "message"),
    *("decision", "cost"),
)
OTHERS = ("into", "other", "parent")
SPEAKING = (
    facts.Merged,
    facts.Unmerged,
    facts.TookIn,
    facts.GaveBack,
    facts.SplitOut,
    facts.SplitFrom,
    facts.PutUnder,
)
WAS = ("was", "title_was", "description_was", "resolution_was")
_POINTING = frozenset((*DETAIL, *WAS))


def _pointed(value: object) -> UUID | None:
    if isinstance(value, facts.Said):
        return value.passage
    return value if isinstance(value, UUID) else None


def _detail(values: Mapping[str, object], texts: Mapping[UUID, str], wanted: Iterable[str]) -> str:
    found = (_pointed(values[name]) for name in wanted if name in values)
    return "\n\n".join(texts[uuid] for uuid in found if uuid is not None and uuid in texts)


def _stated(fact: Fact | None, proved: Mapping[str, str]) -> str:
    """What was written then, though it may have been rewritten since."""
    if isinstance(fact, facts.FactStated):
        return proved.get(fact.value.digest, "")
    if isinstance(fact, facts.Edited):
        texts = (proved.get(one.digest, "") for one in (fact.title, fact.description) if one is not None)
        return "\n\n".join(text for text in texts if text)
    return ""


def _assets_in(read: Iterable[Fact]) -> Iterator[UUID]:
    for fact in read:
        if isinstance(fact, facts.AssetLinked | facts.AssetUnlinked | facts.UrgencyRaised):
            yield fact.asset
        elif isinstance(fact, facts.AssetsFound):
            yield from (one.asset for one in fact.items)


def _others(by: Actor, read: Iterable[Fact]) -> dict[UUID, str]:
    """Other records these facts speak of, those the reader sees."""
    named = (getattr(fact, name, None) for fact in read if isinstance(fact, SPEAKING) for name in OTHERS)
    wanted = {one for one in named if isinstance(one, UUID)}
    if not wanted:
        return {}
    rows = visible(by).filter(uuid__in=wanted).values_list("uuid", "ref", "title")
    return {uuid: f"{ref} {title}" for uuid, ref, title in rows}


def _found(fact: Fact | None, texts: Mapping[UUID, str]) -> str:
    """Names of the assets an alert named, those the reader sees."""
    found = fact.items if isinstance(fact, facts.AssetsFound) else ()
    return "\n".join(texts[one.asset] for one in found if one.asset in texts)


def _proved(record: Incident, read: Sequence[Fact]) -> dict[str, str]:
    """Texts of facts that hold only a commitment: what stands there now, or was replaced since, each tried against the
    secret of the row it stood in.
    """
    items = {fact.item for fact in read if isinstance(fact, facts.FactStated)}
    edited = any(isinstance(fact, facts.Edited) for fact in read)
    if not items and not edited:
        return {}
    rows = list(FactItem.objects.filter(incident=record, uuid__in=items))
    about = [*(f"fact:{one.key}" for one in rows), *(("title", "description") if edited else ())]
    passages = Passage.objects.filter(incident=record, about__in=about).values_list("about", "text")
    tried = [(one.secret, one.value) for one in rows]
    tried += [(record.secret, record.title), (record.secret, record.description)]
    secrets = {f"fact:{one.key}": one.secret for one in rows}
    tried += [(secrets.get(about, record.secret), text) for about, text in passages]
    return {commit(text, secret).digest: text for secret, text in tried}


def _reporters(record: Incident, people: Iterable[str]) -> dict[str, str]:
    """The name a reporter without account gave, if any."""
    if not any(one.startswith(REPORTER) for one in people):
        return {}
    rows = Reporter.objects.filter(incident=record).exclude(name="").values_list("uuid", "name")
    return {f"{REPORTER}{uuid}": name for uuid, name in rows}


def _texts(record: Incident, pointed: Set[UUID]) -> dict[UUID, str]:
    """Each row's own words, in one query over all the tables that have some."""
    if not pointed:
        return {}
    first, *others = (
        model.objects.filter(incident=record, uuid__in=pointed).order_by().values_list("uuid", column)
        for model, column in _WORDED
    )
    return dict(first.union(*others, all=True))


def _words(by: Actor, record: Incident, entries: Sequence[Entry], read: Sequence[Fact]) -> _Words:
    values = [_values(fact) for fact in read]
    found = (_pointed(one[name]) for one in values for name in _POINTING & one.keys())
    pointed = {uuid for uuid in found if uuid is not None}
    people = {entry.actor for entry in entries}
    people |= {text for one in values for text in one.values() if isinstance(text, str) and text.startswith(PERSON)}
    names = accounts.names_of(people) | _reporters(record, people)
    texts = _texts(record, pointed) | names_seen(by, _assets_in(read)) | _others(by, read)
    return _Words(texts=texts, proved=_proved(record, read), names=names)
