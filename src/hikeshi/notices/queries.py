"""Outages that people were told of: for those people, and for the desk that told them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from hikeshi.accounts import queries as accounts
from hikeshi.accounts import sealing
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import sought
from hikeshi.notices.drafts import NOT_FOR, Audience, content_of
from hikeshi.notices.models import AlsoHit, Outage, OutageNews
from hikeshi.notices.permissions import Verb

__all__ = [
    "NEWEST",
    "Known",
    "Outage",
    "Piece",
    "for_room",
    "going_on",
    "known",
    "listed",
    "may_publish",
    "must_publish",
    "one",
    "outage_content",
    "published",
]
NEWEST: Final = ("-id",)
MOST: Final = 20
NEWS: Final = 20
WORDED: Final = ("title_ja", "title_en", "services_ja", "services_en")
OVER_FOR: Final = timedelta(hours=24)
"""How long people still read that it is over."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that was told, in the reader's language."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """An outage in the reader's language; ``news`` newest first. ``mine``: this reader has said that they have it."""

    uuid: UUID
    title: str
    services: str
    since: datetime
    expected_end: datetime | None
    ended_at: datetime | None
    news: Sequence[Piece]
    mine: bool = False

    @property
    def late(self) -> bool:
        """It was to be over by now, and is not."""
        return self.ended_at is None and self.expected_end is not None and self.expected_end < clock.now()


def known(by: Actor | None, language: str, place: str = "") -> list[Known]:
    """What this reader is told: what goes on, then what has ended within a day. Three queries at most, and one where
    there is nothing. ``by`` None: somebody without an account.
    """
    rows = list(_told(by).prefetch_related(Prefetch("news", OutageNews.objects.order_by("-id"), to_attr="told"))[:MOST])
    kept = place_of(place) if place and rows else ""
    mine = set(AlsoHit.objects.filter(outage__in=rows, place=kept).values_list("outage", flat=True)) if kept else set()
    return [shown(row, language, vars(row)["told"], mine=row.pk in mine) for row in rows]


def _told(by: Actor | None) -> QuerySet[Outage]:
    """Whatever is published in this world and not over: one whose record was closed is, before the engine says so."""
    over = Incident.objects.filter(Q(status=Status.CLOSED) | Q(restricted=True), uuid=OuterRef("incident"))
    rows = Outage.objects.filter(world=accounts.site().world)
    rows = rows.filter(ended_at__isnull=True).exclude(Exists(over)) | rows.filter(ended_at__gt=clock.now() - OVER_FOR)
    if by is None:
        rows = rows.filter(audience=Audience.EVERYONE)
    return rows.exclude(ended_because="restricted").order_by("-ended_at", "-since", "-id")


def shown(row: Outage, language: str, news: Sequence[OutageNews], *, mine: bool = False) -> Known:
    code = "en" if language.startswith("en") else "ja"
    return Known(
        uuid=row.uuid,
        title=getattr(row, f"title_{code}"),
        services=getattr(row, f"services_{code}"),
        since=row.since,
        expected_end=row.expected_end,
        ended_at=row.ended_at,
        news=[Piece(getattr(one, f"text_{code}"), one.at) for one in news[:NEWS]],
        mine=mine,
    )


def listed(by: Actor, *, q: str = "", stand: str = "") -> QuerySet[Outage]:
    """For the desk: those told of records this reader sees, newest first. ``stand``: ``going``, ``late``, ``over``.
    Raises Invalid.
    """
    rows = Outage.objects.filter(incident__in=incidents.visible(by).order_by().values("uuid"))
    now = Q(ended_at=None)
    stands = {"going": now, "late": now & Q(expected_end__lt=clock.now()), "over": ~now}
    rows = rows.filter(stands.get(stand, Q())).order_by(*NEWEST)
    for word in sought(q):
        texts = (Q(**{f"{name}__icontains": word}) for name in ("ref", *WORDED))
        rows = rows.filter(reduce(or_, texts))
    return rows


def one(by: Actor, outage: UUID) -> Outage:
    """Raises NotFound."""
    found = listed(by).filter(uuid=outage).first()
    if found is None:
        raise NotFound("outage")
    return found


def going_on(by: Actor, ref: str) -> Outage:
    """What people are told of a record now. Raises NotFound."""
    found = going(incidents.incident(by, ref))
    if found is None:
        raise NotFound("outage")
    return found


def published(by: Actor | None, outage: UUID) -> Outage:
    """One that goes on and that this reader is told of. Raises NotFound."""
    found = _told(by).filter(uuid=outage, ended_at__isnull=True).first()
    if found is None:
        raise NotFound("outage")
    return found


@dataclass(frozen=True, slots=True)
class InRoom:
    """What the room shows: what goes on, what was published last, and whether this reader may publish."""

    now: Outage | None
    before: int
    may: bool
    news: Sequence[OutageNews] = ()


def for_room(by: Actor, record: Incident) -> InRoom | None:
    """None for a record that is none of those people are told of. Two queries."""
    if record.course in NOT_FOR or record.restricted:
        return None
    rows = list(Outage.objects.filter(incident=record.uuid).order_by("-id")[:MOST])
    now = next((one for one in rows if one.ended_at is None), None)
    news = tuple(now.news.order_by("-id")[:NEWS]) if now is not None else ()
    open_ = record.status != Status.CLOSED and record.merged_into_id is None
    return InRoom(now, len(rows) - bool(now), may_publish(by, record) and open_, news)


def may_publish(by: Actor, record: Incident) -> bool:
    return by.may(Verb.PUBLISH, record.organisation_id)


def must_publish(by: Actor, ref: str) -> Incident:
    """A record that people may be told of. Raises NotFound, NotAllowed, Invalid."""
    record = incidents.incident(by, ref)
    by.must(Verb.PUBLISH, record.organisation_id)
    if record.merged_into_id is not None:
        raise Invalid("ref", "is_merged")
    return record


def going(record: Incident) -> Outage | None:
    return Outage.objects.filter(incident=record.uuid, ended_at__isnull=True).first()


def outage_content(row: Outage) -> str:
    times = {name: _instant(getattr(row, name)) for name in ("since", "expected_end")}
    return content_of({**{name: getattr(row, name) for name in WORDED}, **times})


def _instant(at: datetime | None) -> str:
    """The same words for the same instant, whatever zone it was typed in."""
    return at.astimezone(UTC).isoformat() if at is not None else ""


def place_of(what: str) -> str:
    """Stands for a person or browser among those who have it too."""
    return sealing.keyed(settings.MASTER_KEY, "outage-also", what)
