"""Telling people of an outage, what is new about it, and that it is over; and their word that they have it too."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Commitment, Fact, commit
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record
from hikeshi.notices import facts, queries
from hikeshi.notices.drafts import (
    NOT_FOR,
    Ended,
    News,
    OutageDraft,
    checked,
    checked_news,
    news_content,
)
from hikeshi.notices.models import AlsoHit, Outage, OutageNews
from hikeshi.notices.permissions import Verb

COLUMNS = ("title_ja", "title_en", "services_ja", "services_en", "since", "expected_end", "audience")


@action
def publish_outage(*, by: Actor, ref: str, draft: OutageDraft) -> Outage:
    """People read of it at the portal from now on, until the record closes or somebody says it is over.
    Raises NotFound, NotAllowed, Invalid.
    """
    of = _held(queries.must_publish(by, ref))
    _must_be_told(of)
    said = checked(draft, clock.now())
    if queries.going(of) is not None:
        raise Invalid("ref", "published_already")

    columns = {name: getattr(said, name) for name in COLUMNS}
    row = Outage.objects.create(incident=of.uuid, ref=of.ref, world=of.world, published_at=clock.now(), **columns)
    news = _news(row, by, News(said.text_ja, said.text_en))

    fact = facts.OutagePublished(
        incident=of.uuid,
        outage=row.uuid,
        audience=row.audience,
        content=commit(queries.outage_content(row), row.secret),
        news=news.uuid,
        text=_committed(news),
    )
    _tell(row, by, fact)
    return row


@action
def update_outage(*, by: Actor, ref: str, draft: OutageDraft, version: int | None = None) -> Outage:
    """Something new about it; what was said before stays readable beneath. ``version``: the one that was read.
    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    of = _held(queries.must_publish(by, ref))
    row = _going(of)
    said = checked(draft, clock.now())
    if version is not None and version < row.version:
        _clash(row, said)

    for name in COLUMNS:
        setattr(row, name, getattr(said, name))
    row.version += 1
    row.save()
    news = _news(row, by, News(said.text_ja, said.text_en))

    fact = facts.OutageUpdated(
        incident=of.uuid,
        outage=row.uuid,
        audience=row.audience,
        number=row.version,
        content=commit(queries.outage_content(row), row.secret),
        news=news.uuid,
        text=_committed(news),
    )
    _tell(row, by, fact)
    return row


@action
def end_outage(*, by: Actor, ref: str, news: News) -> Outage:
    """It is over: people read so for a day. The record itself stays as it is. Raises NotFound, NotAllowed, Invalid."""
    of = _held(queries.must_publish(by, ref))
    row = _going(of)
    told = _news(row, by, checked_news(news))
    _end(row, Ended.SAID)
    fact = facts.OutageEnded(
        incident=of.uuid, outage=row.uuid, because=Ended.SAID, news=told.uuid, text=_committed(told)
    )
    _tell(row, by, fact)
    return row


@action
def end_with_record(*, by: Actor, incident: UUID, because: Ended, at: datetime) -> None:
    """Its record was closed, merged or restricted at that moment; what was published since then stays. For the desk's
    own loop. Raises NotAllowed.
    """
    _must_be_the_desk(by)
    going = Outage.objects.select_for_update().filter(incident=incident, ended_at__isnull=True)
    row = going.filter(published_at__lte=at).first()
    if row is None:
        return
    _end(row, because)
    _tell(row, by, facts.OutageEnded(incident=incident, outage=row.uuid, because=because))


@action
def share_outage(*, by: Actor, outage: UUID, place: str, reader: Actor | None) -> bool:
    """Somebody has it too: counted once for each ``place`` (a person or a browser), and no record is made of it. Says
    whether it counted. ``reader``: who says so, None without an account. For the portal. Raises NotAllowed, NotFound.
    """
    _must_be_the_desk(by)
    found = queries.published(reader, outage)
    row = Outage.objects.select_for_update().get(pk=found.pk)
    kept = queries.place_of(place)
    if AlsoHit.objects.filter(outage=row, place=kept).exists():
        return False

    hit = AlsoHit.objects.create(outage=row, place=kept, at=clock.now())
    row.also += 1
    row.save(update_fields=["also"])
    fact = facts.OutageSharedBy(incident=row.incident, outage=row.uuid, hit=hit.uuid, count=row.also)
    subject = f"incident:{row.incident}"
    record(fact, subject=f"outage:{row.uuid}", by=by, world=World(row.world), topics=(subject,))
    return True


@action
def forget_outages(*, by: Actor, incident: UUID, world: World = World.REAL) -> None:
    """After the record was deleted. For the desk's own loop. Raises NotAllowed."""
    _must_be_the_desk(by)
    rows = Outage.objects.filter(incident=incident)
    news, hits = OutageNews.objects.filter(outage__in=rows), AlsoHit.objects.filter(outage__in=rows)
    gone = [tuple(some.order_by("pk").values_list("uuid", flat=True)) for some in (rows, news, hits)]
    if not gone[0]:
        return
    hits.delete()
    news.delete()
    rows.delete()
    fact = facts.OutagesForgotten(incident=incident, outages=gone[0], news=gone[1], hits=gone[2])
    record(fact, subject=f"incident:{incident}", by=by, world=world)


def _must_be_the_desk(by: Actor) -> None:
    if not by.unlimited:
        raise NotAllowed(Verb.PUBLISH)


def _held(found: Incident) -> Incident:
    return Incident.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _must_be_told(of: Incident) -> None:
    """Raises Invalid where nobody is to be told of such a record."""
    if of.course in NOT_FOR:
        raise Invalid("ref", "no_outage")
    if of.restricted:
        raise Invalid("ref", "outage_restricted")
    if of.status == Status.CLOSED:
        raise Invalid("ref", "is_closed")
    if of.world != accounts.site().world:
        raise Invalid("ref", "outage_of_drill")


def _going(of: Incident) -> Outage:
    row = Outage.objects.select_for_update().filter(incident=of.uuid, ended_at__isnull=True).first()
    if row is None:
        raise Invalid("ref", "not_published")
    return row


def _news(row: Outage, by: Actor, said: News) -> OutageNews:
    return OutageNews.objects.create(outage=row, by=by.ref, at=clock.now(), **asdict(said))


def _committed(news: OutageNews) -> Commitment:
    return commit(news_content(News(news.text_ja, news.text_en)), news.secret)


def _end(row: Outage, because: Ended) -> None:
    row.ended_at, row.ended_because = clock.now(), because
    row.save(update_fields=["ended_at", "ended_because"])


def _clash(row: Outage, yours: OutageDraft) -> None:
    """Raises Conflict where somebody else said something meanwhile: both are shown."""
    last = row.news.order_by("-id")[0]
    theirs = {
        **{name: str(getattr(row, name)) for name in COLUMNS[:4]},
        "text_ja": last.text_ja,
        "text_en": last.text_en,
    }
    raise Conflict(yours={name: getattr(yours, name) for name in theirs}, theirs=theirs, version=row.version)


def _tell(row: Outage, by: Actor, fact: Fact) -> None:
    record(fact, subject=f"incident:{row.incident}", by=by, world=World(row.world), topics=("incidents",))
