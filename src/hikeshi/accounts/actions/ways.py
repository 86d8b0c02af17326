"""The ways people and outside parties are reached by: kept, tried, doubted."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from hikeshi.accounts import addresses, contacts, facts, names, queries, reaching, sealing, ways
from hikeshi.accounts.actions.rights import TOPICS, must_outrank
from hikeshi.accounts.models import Card, Check, ContactRules, Language, Party, Person, StoredWay
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.ways import BY_VOICE, SECRET, Kind, Proof, Trouble
from hikeshi.calendars.hours import Unreadable
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.ledger.acts import action, record

LONGEST_LABEL: Final = 100
Owner = Person | Party


@action
def add_way(
    *, by: Actor, owner: str, kind: str, address: str, label: str = "", language: str = "", hours: str = ""
) -> StoredWay:
    """``owner`` is ``person:<uuid>`` or ``party:<uuid>``. The desk asks there for an answer soon where it can.

    Raises NotAllowed, NotFound, Invalid.
    """
    held = owner_of(by, owner)
    must_keep(by, held)
    sort = _kind(kind)
    row = StoredWay(**_of(held), kind=sort, position=_next(held))
    _write(row, addresses.written(sort, address, reaching.rules().country), label, language, hours)
    if StoredWay.objects.filter(**_of(held)).count() >= contacts.MOST_WAYS:
        raise Invalid("address", "too_many", limit=contacts.MOST_WAYS)
    _keep_new(by, row, check_at=clock.now())
    return row


@action
def change_way(
    *, by: Actor, way: UUID, address: str | None = None, label: str = "", language: str = "", hours: str = ""
) -> StoredWay:
    """Without an ``address`` it stays; another one has to be proven anew. Raises NotAllowed, NotFound, Invalid."""
    row = contacts.stored_way(by, way)
    must_keep(by, contacts.holder(row))
    was, stored = reaching.address_of(row), row.address
    kept = was if address is None else addresses.written(Kind(row.kind), address, reaching.rules().country)
    _write(row, kept, label, language, hours)
    if kept != was:
        _forget_proof(row)
        row.former, row.former_until = stored, clock.now()

    row.save()
    fact = facts.WayChanged(way=row.uuid, address=commit(row.address, row.secret), anew=kept != was)
    record(fact, subject=_subject(row), by=by, topics=TOPICS)
    return row


@action
def remove_way(*, by: Actor, way: UUID) -> None:
    """Raises NotAllowed, NotFound."""
    row = contacts.stored_way(by, way)
    must_keep(by, contacts.holder(row))
    _remove(by, row)


@action
def order_ways(*, by: Actor, owner: str, order: Sequence[UUID]) -> None:
    """Which is tried first; those not named follow in the order they had. Raises NotAllowed, NotFound."""
    held = owner_of(by, owner)
    must_keep(by, held)
    rows = {row.uuid: row for row in StoredWay.objects.filter(**_of(held))}
    if not set(order) <= rows.keys():
        raise NotFound("way")
    wanted = (*dict.fromkeys(order), *(uuid for uuid in rows if uuid not in set(order)))
    for position, uuid in enumerate(wanted):
        rows[uuid].position = position
    StoredWay.objects.bulk_update(rows.values(), ["position"])
    record(facts.WaysOrdered(owner=_ref(held), ways=wanted), subject=_ref(held), by=by, topics=TOPICS)


@action
def prove_way(*, by: Actor, way: UUID | str, how: str) -> StoredWay:
    """Somebody answered there, now; whatever was wrong with it is over. Raises NotAllowed, NotFound, Invalid."""
    row = contacts.stored_way(by, _uuid(way))
    must_keep(by, contacts.holder(row))
    if how not in set(Proof):
        raise Invalid("how", "unknown")
    row.proven_at, row.proof, row.trouble, row.trouble_at = clock.now(), how, "", None
    row.check_at = next_check(row, row.proven_at)
    row.save(update_fields=["proven_at", "proof", "trouble", "trouble_at", "check_at"])
    Check.objects.filter(way=row, due_at__isnull=False).update(due_at=None, answered_at=row.proven_at)
    record(facts.WayProven(way=row.uuid, how=how), subject=_subject(row), by=by, topics=TOPICS)
    return row


@action
def doubt_way(*, by: Actor, way: UUID | str, why: str) -> StoredWay:
    """It is not to be relied on, until it is proven again. Whoever sees it may say so: they just tried it in vain.

    Raises NotFound, Invalid.
    """
    row = contacts.stored_way(by, _uuid(way))
    if why not in set(Trouble):
        raise Invalid("why", "unknown")
    if row.trouble == why:
        return row
    row.trouble, row.trouble_at = why, clock.now()
    row.save(update_fields=["trouble", "trouble_at"])
    record(facts.WayDoubted(way=row.uuid, why=why), subject=_subject(row), by=by, topics=TOPICS)
    return row


@action
def set_card(*, by: Actor, person: UUID, duty: str = "", hours: str = "", deputy: UUID | None = None) -> Card:
    """What the directory says of somebody: what they are here for, when, and who stands in. One's own, or somebody's
    whom one manages. Raises NotAllowed, NotFound, Invalid.
    """
    holder = queries.person(by, person)
    must_keep(by, holder)
    card = contacts.card_of(holder)
    card.duty = names.title(duty, "duty") if duty.strip() else ""
    card.hours = proper_hours(hours)
    card.deputy = _deputy(by, holder, deputy)
    card.save()
    record_card(by, holder, card)
    return card


def _deputy(by: Actor, holder: Person, wanted: UUID | None) -> Person | None:
    if wanted is None:
        return None
    found = queries.person(by, wanted)
    if not found.is_active:
        raise Invalid("deputy", "deputy_gone")
    along: dict[int, int | None] = dict(Card.objects.exclude(deputy=None).values_list("person_id", "deputy_id"))
    along[holder.pk] = found.pk
    must_not_circle(holder.pk, along)
    return found


def must_not_circle(start: int, along: dict[int, int | None]) -> None:
    """Raises Invalid where following the deputies leads back to where one started."""
    at = along.get(start)
    for _ in range(len(along) + 1):
        if at is None:
            return
        if at == start:
            raise Invalid("deputy", "deputy_circle")
        at = along.get(at)


def remember_number(by: Actor, person: Person, number: str) -> None:
    """By which staff lists name them."""
    card = contacts.card_of(person)
    if card.number == number:
        return
    card.number = number
    card.save()
    record_card(by, person, card)


def record_card(by: Actor, person: Person, card: Card) -> None:
    said = commit(f"{card.duty}\n{card.hours}", card.secret)
    fact = facts.CardChanged(person=person.uuid, deputy=card.deputy.uuid if card.deputy else None, said=said)
    record(fact, subject=_ref(person), by=by, topics=TOPICS)


def follow_mail(by: Actor, person: Person, before: str) -> None:
    """The address of the account is one of the ways; it changes, comes and goes with it."""
    row = StoredWay.objects.filter(person=person, kind=Kind.MAIL, digest=_digest(before)).first() if before else None
    wanted = addresses.written(Kind.MAIL, person.email, "") if person.email else ""
    other = StoredWay.objects.filter(person=person, kind=Kind.MAIL, digest=_digest(wanted)).exists()
    if row is not None and (not wanted or (other and wanted != row.address)):
        _remove(by, row)
    elif row is not None and wanted != row.address:
        row.former, row.former_until = row.address, clock.now()
        _write(row, wanted, row.label, row.language, row.hours)
        _forget_proof(row)
        row.save()
        fact = facts.WayChanged(way=row.uuid, address=commit(row.address, row.secret), anew=True)
        record(fact, subject=_subject(row), by=by, topics=TOPICS)
    elif row is None and wanted and not other:
        first = StoredWay(person=person, kind=Kind.MAIL, position=_next(person))
        _write(first, wanted, "", "", "")
        _keep_new(by, first, check_at=clock.now() + FIRST_ASKED)


def take_up_mail(by: Actor, people: Sequence[Person]) -> None:
    """The addresses of people who are new and have no way yet: one statement, however many."""
    asked = clock.now() + FIRST_ASKED if reaching.rules().check_days else None
    rows = [_first_mail(person, asked) for person in people if person.email]
    StoredWay.objects.bulk_create(rows, batch_size=BATCH)
    for row in rows:
        _record_new(by, row)


def _first_mail(person: Person, asked: datetime | None) -> StoredWay:
    address = addresses.written(Kind.MAIL, person.email, "")
    return StoredWay(person=person, kind=Kind.MAIL, address=address, digest=_digest(address), check_at=asked)


BATCH: Final = 500
FIRST_ASKED: Final = timedelta(days=1)
"""An address that came with the account is asked a day later: by then they have been told of the desk."""


def take_up_contacts(by: Actor) -> None:
    """Once in the life of a site: its rules for contacts, and the addresses people had before there were ways."""
    if ContactRules.objects.exists():
        return
    rules = ContactRules.objects.create(pk=1)
    record(rules_set(rules), subject="contact_rules:1", by=by, topics=TOPICS)
    take_up_mail(by, list(Person.objects.exclude(email="").filter(ways=None)))


def rules_set(rules: ContactRules) -> facts.ContactRulesSet:
    return facts.ContactRulesSet(
        stale_days=rules.stale_days,
        check_days=rules.check_days,
        answer_hours=rules.answer_hours,
        country=rules.country,
        keeper=rules.keeper.uuid if rules.keeper else None,
    )


def owner_of(by: Actor, owner: str) -> Owner:
    """Raises NotFound."""
    head, _, tail = owner.partition(":")
    uuid = _uuid(tail)
    if head == "person":
        return queries.person(by, uuid)
    if head == "party":
        return contacts.party(by, uuid)
    raise NotFound("owner")


def must_keep(by: Actor, held: Owner) -> None:
    """Whoever changes where somebody is reached can lead away what is told them. Raises NotAllowed."""
    if isinstance(held, Party):
        by.must(Verb.MANAGE, held.organisation_id)
    elif by.person_id != held.pk:
        must_outrank(by, held)


def proper_hours(typed: str) -> str:
    """Raises Invalid."""
    if len(typed) > ways.LONGEST_HOURS:
        raise Invalid("hours", "too_long", limit=ways.LONGEST_HOURS)
    try:
        return ways.written_hours(ways.read_hours(typed))
    except Unreadable as error:
        reason = "weekly_hours_form" if error.fault == "hours_form" else str(error.fault)
        raise Invalid("hours", reason) from error


def next_check(row: StoredWay, since: datetime) -> datetime | None:
    """When the desk asks again; None where it cannot ask by itself: a telephone, somebody outside."""
    days = reaching.rules().check_days
    if row.person_id is None or row.kind in BY_VOICE or not days:
        return None
    return since + timedelta(days=days)


def _write(row: StoredWay, address: str, label: str, language: str, hours: str) -> None:
    digest = _digest(address)
    others = StoredWay.objects.filter(person=row.person, party=row.party, kind=row.kind, digest=digest)
    if others.exclude(pk=row.pk).exists():
        raise Invalid("address", "way_twice")
    if language and language not in Language.values:
        raise Invalid("language", "unknown")
    if digest != row.digest:
        sealed = row.kind in SECRET
        row.address = sealing.seal(settings.MASTER_KEY, reaching.PURPOSE, address) if sealed else address
        row.digest = digest
    row.label = names.title(label, "label")[:LONGEST_LABEL] if label.strip() else ""
    row.language, row.hours = language, proper_hours(hours)


def _digest(address: str) -> str:
    return sealing.keyed(settings.MASTER_KEY, reaching.PURPOSE, address)


def _keep_new(by: Actor, row: StoredWay, check_at: datetime) -> None:
    row.check_at = check_at if next_check(row, check_at) else None
    row.save()
    _record_new(by, row)


def _record_new(by: Actor, row: StoredWay) -> None:
    fact = facts.WayAdded(way=row.uuid, owner=_subject(row), kind=row.kind, address=commit(row.address, row.secret))
    record(fact, subject=_subject(row), by=by, topics=TOPICS)


def _forget_proof(row: StoredWay) -> None:
    row.proven_at, row.proof, row.trouble, row.trouble_at = None, "", "", None
    row.check_at = clock.now() if next_check(row, clock.now()) else None


def _remove(by: Actor, row: StoredWay) -> None:
    uuid, subject = row.uuid, _subject(row)
    row.delete()
    record(facts.WayRemoved(way=uuid), subject=subject, by=by, topics=TOPICS)


def _kind(kind: str) -> Kind:
    if kind not in set(Kind):
        raise Invalid("kind", "unknown")
    return Kind(kind)


def _of(held: Owner) -> dict[str, Owner]:
    return {"party": held} if isinstance(held, Party) else {"person": held}


def _next(held: Owner) -> int:
    last = StoredWay.objects.filter(**_of(held)).aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _subject(row: StoredWay) -> str:
    return _ref(contacts.holder(row))


def _ref(held: Owner) -> str:
    return held.ref if isinstance(held, Party) else f"person:{held.uuid}"


def _uuid(text: UUID | str) -> UUID:
    if isinstance(text, UUID):
        return text
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("way") from error
