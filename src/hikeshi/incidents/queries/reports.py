"""Reports by people, as the desk and as their reporters see them.

A reporter reads the conversation and nothing else of the record: not its title, kind, priority or notes, restricted or
not. Whoever may not see the record does not learn who reported it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import sealing, throttle
from hikeshi.accounts.models import Organisation
from hikeshi.incidents import follow_codes, permissions
from hikeshi.incidents.codes import MomentKind, Status
from hikeshi.incidents.models import Attachment, Incident, Message, Moment, PortalTry, Rating, Reporter, ReportingRules
from hikeshi.incidents.queries.lists import incident as find
from hikeshi.incidents.queries.merging import survivor
from hikeshi.incidents.queries.visibility import note_reading
from hikeshi.incidents.reporting import Knock, Place, Side, Writing, place, writing
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.prepared import Prepared
from hikeshi.kernel.refusals import NotFound

SHOWN: Final = 200
ANSWER_DAYS: Final = 14
REPORTER: Final = "reporter:"
SIGN: Final = 32
MARK: Final = 40
LIMITS: Final = {
    Knock.REPORT: throttle.Limit(free=20, first=timedelta(seconds=15), longest=timedelta(minutes=5)),
    Knock.FOLLOW: throttle.Limit(free=10, first=timedelta(seconds=2), longest=timedelta(minutes=5)),
    Knock.ALSO: throttle.Limit(free=20, first=timedelta(seconds=15), longest=timedelta(minutes=5)),
    Knock.LOOK: throttle.Limit(free=150, first=timedelta(seconds=5), longest=timedelta(minutes=2)),
    Knock.WRITE: throttle.Limit(free=30, first=timedelta(seconds=5), longest=timedelta(minutes=2)),
}
"""Per network (or person), so that nobody keeps anybody elsewhere from reporting. A try to follow counts when the code
was wrong, the others when they came through.
"""


@dataclass(frozen=True, slots=True)
class Reporting:
    """How the site takes reports. ``number`` 0: nobody has chosen yet. ``changed``: by whom and when it was last."""

    number: int
    open_to_all: bool
    organisation: Organisation
    answer_days: int
    changed: tuple[str, datetime] | None = None


def reporting() -> Reporting:
    """Raises NotFound before the first start."""
    row = ReportingRules.objects.select_related("organisation").order_by("-number").first()
    if row is None:
        return Reporting(0, False, accounts.root(), ANSWER_DAYS)
    return Reporting(row.number, row.open_to_all, row.organisation, row.answer_days, (row.made_by, row.at))


def open_to_all() -> bool:
    """Whether somebody without an account may report; false before the first start."""
    row = ReportingRules.objects.order_by("-number").values_list("open_to_all", flat=True).first()
    return bool(row)


def code_digest(code: str) -> str:
    """What is kept of a follow code."""
    return sealing.keyed(settings.MASTER_KEY, "follow", code)


def nonce_digest(nonce: str) -> str:
    return sealing.keyed(settings.MASTER_KEY, "report-form", nonce)


def code_of(nonce: str) -> str:
    """The code that goes with a form: the same form posted twice gets the same one, and nothing else leads to it."""
    return follow_codes.made(bytes.fromhex(sealing.keyed(settings.MASTER_KEY, "follow-code", nonce)))


def place_of(what: str) -> str:
    """Stands for a network or person among the tries."""
    return sealing.keyed(settings.MASTER_KEY, "portal-tries", what)


def wait_left(tried: PortalTry) -> timedelta:
    """How long this try, itself left out, has still to wait."""
    since = clock.now() - throttle.WINDOW
    same = PortalTry.objects.filter(what=tried.what, place=tried.place, at__gt=since).exclude(pk=tried.pk)
    times = list(same.order_by("-at").values_list("at", flat=True)[:200])
    return LIMITS[Knock(tried.what)].wait(times, clock.now())


def reporter_with(code: str) -> Actor | None:
    """Whoever bears this code, with no right but to their own report."""
    plain = follow_codes.tidy(code)
    rows = Reporter.objects.select_related("incident")
    found = rows.filter(code=code_digest(plain)).first() if plain else None
    return actor_of(found) if found else None


def actor_of(row: Reporter) -> Actor:
    """The reporter, who may write to the desk and add files to their own report, and nothing else."""
    mine = {permissions.own_report(row.incident.uuid): frozenset({row.incident.organisation_id})}
    return Actor(ref=f"{REPORTER}{row.uuid}", name=row.name, grants=mine, language=row.language)


def sign_of(by: Actor) -> str:
    """What shows later that this reporter proved the report to be theirs; it ends with the code."""
    return str(reports_of(by).get().code or "")[:SIGN]


def reporter_of_sign(report: UUID, sign: str) -> Actor | None:
    rows = Reporter.objects.select_related("incident").filter(uuid=report, code__startswith=sign)
    found = rows.first() if len(sign) == SIGN else None
    return actor_of(found) if found else None


def mail_mark(row: Reporter) -> str:
    """By which a mail to the reporter is known again in their reply; it ends with the code and opens nothing else."""
    return sealing.keyed(settings.MASTER_KEY, "report-mail", f"{row.uuid} {row.code}")[:MARK]


def reporter_of_mark(report: UUID, mark: str) -> Actor | None:
    row = Reporter.objects.select_related("incident").filter(uuid=report, code__isnull=False).first()
    return actor_of(row) if row is not None and compare_digest(mail_mark(row), mark) else None


def reporter_by_nonce(nonce: str) -> Reporter | None:
    """Whose form it was, while their code holds."""
    return Reporter.objects.filter(nonce=nonce_digest(nonce), code=code_digest(code_of(nonce))).first()


def reports_of(by: Actor) -> QuerySet[Reporter]:
    """One's own: those made with one's account, or the one whose code was shown."""
    rows = Reporter.objects.select_related("incident__merged_into", "person").order_by("-id")
    if by.person_id is not None:
        return rows.filter(person=by.person_id)
    if by.ref.startswith(REPORTER):
        return rows.filter(uuid=UUID(by.ref.removeprefix(REPORTER)))
    return rows.none()


@dataclass(frozen=True, slots=True)
class OwnFile:
    name: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnReport:
    """What a reporter sees of their report. ``until``: how long it can still be taken up again."""

    uuid: UUID
    ref: str
    at: datetime
    place: Place
    reporter: Reporter
    messages: Sequence[Message]
    questions: Sequence[Message]
    writing: Writing
    until: datetime | None
    rating: Rating | None
    files: Sequence[OwnFile]


def own_files(row: Reporter) -> list[OwnFile]:
    """What the reporter added, oldest first."""
    added = Attachment.objects.filter(incident=row.incident, added_by=f"{REPORTER}{row.uuid}", removed_at__isnull=True)
    return [OwnFile(one.name, one.size, one.added_at) for one in added.order_by("id")]


def own_report(by: Actor, report: UUID) -> OwnReport:
    """Raises NotFound."""
    row = reports_of(by).filter(uuid=report).first()
    if row is None:
        raise NotFound("report")
    said = _messages(row.incident)
    going = survivor(row.incident)  # merged into another, it is that one that goes on
    ended, taken_up = _times(going)
    questions = [one for one in said if one.asks and one.settled_at is None]
    status, days = Status(going.status), reporting().answer_days
    return OwnReport(
        uuid=row.uuid,
        ref=row.incident.ref,
        at=row.at,
        place=place(status, taken_up=taken_up, questions=len(questions)),
        reporter=row,
        messages=said,
        questions=questions,
        writing=writing(status, ended, days=days, now=clock.now()),
        until=ended + timedelta(days=days) if ended and status is not Status.OPEN else None,
        rating=Rating.objects.filter(incident=row.incident, round=going.reopened).first(),
        files=own_files(row),
    )


def _messages(record: Incident) -> list[Message]:
    """The latest, oldest first."""
    rows = Message.objects.filter(incident=record).select_related("answers")
    return list(rows.order_by("-id")[:SHOWN])[::-1]


def _times(record: Incident) -> tuple[datetime | None, bool]:
    """When it ended, and whether somebody has taken it up."""
    wanted = (MomentKind.CLOSED, MomentKind.RESOLVED, MomentKind.ACKNOWLEDGED)
    rows = Moment.objects.filter(incident=record, kind__in=wanted, superseded_at__isnull=True)
    at = dict(rows.values_list("kind", "at"))
    ended = at.get(MomentKind.CLOSED) if record.status == Status.CLOSED else at.get(MomentKind.RESOLVED)
    return ended, MomentKind.ACKNOWLEDGED in at or record.owner_id is not None


def ended_at(record: Incident) -> datetime | None:
    return _times(record)[0]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """One of one's own reports in a list."""

    uuid: UUID
    ref: str
    at: datetime
    place: Place
    words: str


def own_reports(by: Actor) -> list[OwnLine]:
    """The newest hundred, with what each began with."""
    rows = list(reports_of(by)[:100])
    records = [row.incident_id for row in rows]
    going = {row.incident_id: survivor(row.incident) for row in rows}
    taking = [one.pk for one in going.values()]
    seen = Moment.objects.filter(incident__in=taking, kind=MomentKind.ACKNOWLEDGED, superseded_at__isnull=True)
    taken_up = set(seen.values_list("incident", flat=True))
    asked = Message.objects.filter(incident__in=records, asks=True, settled_at__isnull=True)
    waiting = set(asked.values_list("incident", flat=True))
    first: dict[int, str] = {}
    said = Message.objects.filter(incident__in=records, side=Side.REPORTER).order_by("-id")
    first |= dict(said.values_list("incident", "text"))
    return [
        OwnLine(
            row.uuid,
            row.incident.ref,
            row.at,
            place(
                Status(going[row.incident_id].status),
                taken_up=going[row.incident_id].pk in taken_up or going[row.incident_id].owner_id is not None,
                questions=int(row.incident_id in waiting),
            ),
            first.get(row.incident_id, ""),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the desk sees: newest first. ``names``: of the desk's people, by their reference."""

    reporter: Reporter
    messages: Sequence[Message]
    total: int
    unread: int
    questions: Sequence[Message]
    rating: Rating | None
    names: dict[str, str]


_REPORTER = Prepared(
    lambda incident: Reporter.objects.select_related("person").filter(incident=incident).order_by("pk")[:1],
    incident=int,
)


def conversation_with(record: Incident) -> Conversation | None:
    """Part of the room, whose reader has been let in. None where nobody reported."""
    row = next(iter(_REPORTER(incident=record.pk)), None)
    if row is None:
        return None
    said = _messages(record)[::-1]
    total = len(said) if len(said) < SHOWN else Message.objects.filter(incident=record).count()
    return Conversation(
        reporter=row,
        messages=said,
        total=total,
        unread=sum(1 for one in said if one.side == Side.REPORTER and one.read_at is None),
        questions=[one for one in reversed(said) if one.asks and one.settled_at is None],
        rating=Rating.objects.filter(incident=record).order_by("-id").first(),
        names=accounts.names_of({one.author for one in said}),
    )


def conversation(by: Actor, ref: str) -> Conversation:
    """Raises NotFound. Reading that of a restricted record is noted in the access log."""
    record = find(by, ref)
    note_reading(by, record, "conversation")
    found = conversation_with(record)
    if found is None:
        raise NotFound("reporter")
    return found


def unread(records: Iterable[Incident]) -> set[int]:
    """Of the records of one page, those whose reporter wrote what nobody has taken note of, be it to a record that was
    merged into one of them, directly or with another.
    """
    ids = {one.pk for one in records}
    meant = Q(incident__in=ids) | Q(incident__merged_into__in=ids) | Q(incident__merged_into__merged_into__in=ids)
    new = Message.objects.filter(meant, side=Side.REPORTER, read_at__isnull=True)
    places = new.values_list("incident", "incident__merged_into", "incident__merged_into__merged_into")
    return {place for some in places for place in some if place} & ids
