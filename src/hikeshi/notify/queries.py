"""What may be read of messages out: how channels stand, what went to whom, and the proof of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import reaching
from hikeshi.accounts.models import Party, Person
from hikeshi.accounts.ways import Kind, Way
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.paging import Page, paginate
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.notify import rules, setups
from hikeshi.notify.channels.fields import FIELDS, Field
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Bounds, Channel, Course, Mailbox, OwnRules
from hikeshi.notify.models import Delivery as Delivery  # handed on, for surfaces to name what they are given
from hikeshi.notify.models import Outgoing as Outgoing
from hikeshi.notify.models import Try as Try
from hikeshi.notify.permissions import Verb

ORDER: Final = ("-id",)
ON_THE_MACHINE: Final = frozenset({"command"})
"""Settings that run a program of the desk's own machine: who writes them has just proved who they are."""


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """``state``: off, broken, working, ready (never used), missing (has to be set up first), open (needs nothing)."""

    kind: str
    state: str
    trouble: str
    broken_at: datetime | None
    worked_at: datetime | None
    per_minute: int
    version: int


@dataclass(frozen=True, slots=True)
class ChannelView:
    """``kept``: names of the secrets that are set; what they are, nobody reads."""

    line: ChannelLine
    on: bool
    plain: Mapping[str, str]
    kept: frozenset[str]


def may_view(by: Actor) -> bool:
    return by.may(Verb.VIEW, accounts.root().pk)


def may_configure(by: Actor) -> bool:
    return by.may(Verb.CONFIGURE, accounts.root().pk)


def must_configure(by: Actor) -> None:
    """Raises NotAllowed."""
    by.must(Verb.CONFIGURE, accounts.root().pk)


def channels(by: Actor) -> list[ChannelLine]:
    """Every kind there is. Raises NotAllowed."""
    by.must(Verb.VIEW, accounts.root().pk)
    rows = {row.kind: row for row in Channel.objects.all()}
    return [_line(kind, rows.get(kind)) for kind in FIELDS]


def channel(by: Actor, kind: str) -> ChannelView:
    """Raises NotAllowed, NotFound."""
    by.must(Verb.CONFIGURE, accounts.root().pk)
    if kind not in FIELDS:
        raise NotFound("channel")
    row = Channel.objects.filter(kind=kind).first()
    kept = frozenset(setups.unseal(row.sealed)) if row else frozenset()
    return ChannelView(_line(kind, row), row.on if row else True, row.plain if row else {}, kept)


def asked(kind: str) -> tuple[Field, ...]:
    """What a kind that is there is asked for."""
    return FIELDS[Kind(kind)]


def _line(kind: str, row: Channel | None) -> ChannelLine:
    if row is None:
        state = "open" if kind in setups.NEED_NOTHING else "missing"
        return ChannelLine(kind, state, "", None, None, 0, 0)
    state = "working" if row.worked_at else "ready"
    state = "broken" if row.broken_at else state
    state = state if row.on else "off"
    return ChannelLine(kind, state, row.trouble, row.broken_at, row.worked_at, row.per_minute, row.version)


@dataclass(frozen=True, slots=True)
class MailboxView:
    """``state``: missing, broken, working, ready (never read yet)."""

    state: str
    trouble: str
    broken_at: datetime | None
    read_at: datetime | None


def mailbox(by: Actor) -> MailboxView:
    """Where replies by mail arrive. Raises NotAllowed."""
    by.must(Verb.VIEW, accounts.root().pk)
    mail = Channel.objects.filter(kind="mail", on=True).first()
    row = Mailbox.objects.filter(pk=1).first() or Mailbox(pk=1)
    state = "broken" if row.broken_at else "working" if row.read_at else "ready"
    state = state if mail and mail.plain.get("imap_host") else "missing"
    return MailboxView(state, row.trouble, row.broken_at, row.read_at)


def bounds(by: Actor) -> Bounds:
    """Raises NotAllowed."""
    by.must(Verb.VIEW, accounts.root().pk)
    return setups.bounds()


def knows_its_address() -> bool:
    """Without it no message holds a link, and none can be answered."""
    return bool(settings.PUBLIC_URL)


def own_ways(by: Actor) -> Sequence[Way]:
    return reaching.ways_of([by.ref]).get(by.ref, ())


def own_lines(by: Actor) -> tuple[tuple[rules.Line, ...], int]:
    """One's own rules, and their version."""
    row = OwnRules.objects.filter(person=_own(by)).first()
    return (rules.read_lines(row.lines), row.version) if row else ((), 0)


def _own(by: Actor) -> UUID:
    kind, _, ref = by.ref.partition(":")
    if kind != "person":
        raise NotFound("person")
    return UUID(ref)


def outbox(
    by: Actor,
    *,
    hidden: Collection[str],
    course: str = "",
    purpose: str = "",
    to: str = "",
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Outgoing]:
    """Newest first, a page of what ``sent`` gives. Raises NotAllowed, Invalid."""
    rows = sent(by, hidden=hidden, course=course, purpose=purpose, to=to)
    return paginate(rows, order=ORDER, cursor=cursor, limit=limit)


def sent(
    by: Actor, *, hidden: Collection[str], course: str = "", purpose: str = "", to: str = ""
) -> QuerySet[Outgoing]:
    """``hidden``: subjects the reader may not know of, as the surface found out. Raises NotAllowed, Invalid."""
    by.must(Verb.VIEW, accounts.root().pk)
    if course and course not in Course.values:
        raise Invalid("course", "not_a_choice", choices=", ".join(Course.values))
    if purpose and purpose not in set(Purpose):
        raise Invalid("purpose", "not_a_choice", choices=", ".join(Purpose))
    rows = _shown(hidden)
    rows = rows.filter(course=course) if course else rows
    rows = rows.filter(purpose=purpose) if purpose else rows
    return rows.filter(to=to) if to else rows


def own_messages(by: Actor) -> list[Outgoing]:
    """What was sent to oneself lately."""
    return list(Outgoing.objects.filter(to=by.ref).prefetch_related("deliveries").order_by("-id")[:20])


def message(by: Actor, uuid: UUID, *, hidden: Collection[str]) -> Outgoing:
    """With each way it took and each try. Raises NotAllowed, NotFound."""
    by.must(Verb.VIEW, accounts.root().pk)
    proved = Prefetch("deliveries", Delivery.objects.prefetch_related("proof", "answers").order_by("id"))
    found = _shown(hidden).filter(uuid=uuid).prefetch_related(proved).first()
    if found is None:
        raise NotFound("message")
    return found


def _shown(hidden: Collection[str]) -> QuerySet[Outgoing]:
    return Outgoing.objects.exclude(subject__in=hidden) if hidden else Outgoing.objects.all()


def standing(by: Actor) -> dict[str, int]:
    """How many wait and how many reached nobody, at most a thousand of each. Raises NotAllowed."""
    by.must(Verb.VIEW, accounts.root().pk)
    waiting = Outgoing.objects.filter(course__in=(Course.WAITING, Course.GOING))[:1000].count()
    return {"waiting": waiting, "failed": Outgoing.objects.filter(course=Course.FAILED)[:1000].count()}


def names(owners: Iterable[str]) -> dict[str, str]:
    """Of people and outside parties: two queries."""
    asked = set(owners)
    people = _uuids(asked, "person:")
    parties = _uuids(asked, "party:")
    found = {
        f"person:{uuid}": name for uuid, name in Person.objects.filter(uuid__in=people).values_list("uuid", "name")
    }
    return found | {
        f"party:{uuid}": name for uuid, name in Party.objects.filter(uuid__in=parties).values_list("uuid", "name")
    }


def _uuids(owners: Iterable[str], head: str) -> list[UUID]:
    return [UUID(one.removeprefix(head)) for one in owners if one.startswith(head)]
