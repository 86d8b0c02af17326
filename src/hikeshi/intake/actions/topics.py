"""Topics of Amazon SNS: which may send to a source, and the question SNS asks before it does."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.permissions import Verb as Accounts
from hikeshi.intake import topic_facts
from hikeshi.intake.models import Topic
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import sourcing, topics
from hikeshi.intake.sources import sns
from hikeshi.intake.sources.sns import Kind
from hikeshi.intake.topic_facts import TopicState
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Fact
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.ledger.acts import action, record

LEASE: Final = timedelta(minutes=2)
PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 21_600, 43_200, 86_400))
"""Between visits: SNS's question is good for three days."""


@action
def allow_topic(*, by: Actor, source: str, arn: str, organisation: UUID | None = None) -> Topic:
    """What this topic sends is taken, and SNS's question whether it should is answered yes. Raises NotAllowed,
    NotFound, Invalid.
    """
    by.must(Accounts.MANAGE)
    place = accounts.organisation(by, organisation or accounts.root().uuid, Accounts.MANAGE)
    if not sourcing.known(source):
        raise NotFound("source")
    arn = arn.strip()
    if not sns.is_arn(arn):
        raise Invalid("arn", "topic_arn")
    if place.retired_at is not None:
        raise Invalid("organisation", "unknown")
    if Topic.objects.filter(source=source, arn=arn).exists():
        raise Invalid("arn", "topic_taken")

    row = Topic.objects.create(organisation=place, source=source, arn=arn, changed_at=clock.now())

    fact = topic_facts.TopicAllowed(topic=row.uuid, source=source, arn=arn, organisation=place.uuid)
    _record(fact, row, by)
    return row


@action
def remove_topic(*, by: Actor, topic: UUID) -> Topic:
    """What it sends from now on is refused. Raises NotAllowed, NotFound."""
    by.must(Accounts.MANAGE)
    row = topics.topic(by, topic)

    row.delete()

    _record(topic_facts.TopicRemoved(topic=row.uuid, source=row.source, arn=row.arn), row, by)
    return row


@action
def ask_again(*, by: Actor, topic: UUID) -> Topic:
    """Says yes once more: to a question that could not be answered, or after the topic was ended at SNS. Raises
    NotAllowed, NotFound, Invalid.
    """
    by.must(Accounts.MANAGE)
    row = topics.topic(by, topic)
    if not row.url:
        raise Invalid("topic", "topic_not_asked")

    _turn(row, TopicState.ASKED, row.url)

    _record(topic_facts.TopicAsked(topic=row.uuid, source=row.source, arn=row.arn), row, by)
    return row


@action
def take_handshake(*, by: Actor, topic: UUID, kind: Kind, url: str) -> Topic:
    """For the door, which checked the signature: SNS asks whether it should send, or says that it no longer does.
    Raises NotAllowed, NotFound.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    row = topics.topic(by, topic)

    _turn(row, TopicState.ASKED if kind == Kind.SUBSCRIBE else TopicState.ENDED, url)

    fact = topic_facts.TopicAsked if kind == Kind.SUBSCRIBE else topic_facts.TopicEnded
    _record(fact(topic=row.uuid, source=row.source, arn=row.arn), row, by)
    return row


@action
def claim_topic(*, by: Actor, at: datetime) -> Topic | None:
    """A question that waits for its answer, taken for a moment. For the desk's own loop. Raises NotAllowed."""
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    row = Topic.objects.filter(due_at__lte=at).order_by("due_at").first()
    if row is None:
        return None

    ours = Topic.objects.filter(pk=row.pk, due_at=row.due_at)
    return row if ours.update(due_at=at + LEASE, tries=F("tries") + 1) else None


@action
def settle_topic(*, by: Actor, topic: UUID, url: str, trouble: str) -> None:
    """How the visit to ``url`` went: no trouble, and the topic is sent here. For the desk's own loop. Raises
    NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    row = Topic.objects.select_for_update().filter(uuid=topic, url=url, state=TopicState.ASKED).first()
    if row is None:  # taken away meanwhile, or asked anew
        return

    row.trouble, row.due_at = trouble, None
    if trouble:
        row.due_at = clock.now() + PAUSES[row.tries - 1] if row.tries <= len(PAUSES) else None
    else:
        row.state, row.url, row.changed_at = TopicState.CONFIRMED, "", clock.now()
    row.save()

    if not trouble:
        _record(topic_facts.TopicConfirmed(topic=row.uuid, source=row.source, arn=row.arn), row, by)


def _turn(row: Topic, state: TopicState, url: str) -> None:
    row.state, row.url, row.changed_at, row.tries, row.trouble = state, url, clock.now(), 0, ""
    row.due_at = clock.now() if state == TopicState.ASKED else None
    row.save()


def _record(fact: Fact, row: Topic, by: Actor) -> None:
    record(fact, subject=f"topic:{row.uuid}", by=by, topics=("sources",))
