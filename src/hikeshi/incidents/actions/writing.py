"""What people write into a record: notes, the facts sheet, links."""

from urllib.parse import urlsplit
from uuid import UUID

from hikeshi.incidents import facts, names
from hikeshi.incidents.actions import saving
from hikeshi.incidents.codes import Certainty
from hikeshi.incidents.models import FactItem, Incident, Link, Note
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Conflict, Invalid, NotFound
from hikeshi.ledger.acts import action

SCHEMES = frozenset({"http", "https"})
URL = 2_000


@action
def note(*, by: Actor, ref: str, text: str) -> Note:
    """Markdown, for good: a note is never rewritten. Raises NotFound, NotAllowed, Invalid."""
    incident = saving.hold(by, ref)
    words = saving.words(text, "text")

    row = Note.objects.create(incident=incident, text=words, author=by.ref, at=clock.now())
    saving.save(incident)
    digest = commit(words, row.secret)
    saving.tell(incident, by, facts.NoteWritten(incident=incident.uuid, note=row.uuid, text=digest, author=by.ref))
    return row


@action
def set_fact(
    *,
    by: Actor,
    ref: str,
    key: str,
    value: str,
    certainty: Certainty = Certainty.CONFIRMED,
    version: int | None = None,
) -> FactItem:
    """States an item of the facts sheet. ``version`` is the item's own (0 where nothing stood yet). What is not known
    is stated as unknown and needs no value. Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    incident = saving.hold(by, ref)
    if key not in names.in_use().sheet:
        raise Invalid("key", "unknown")
    words = saving.words(value, "value", required=certainty is not Certainty.UNKNOWN)
    row = FactItem.objects.filter(incident=incident, key=key).first()
    if row is not None and version is not None and row.version > version and row.value != words:
        raise Conflict(yours={"value": words}, theirs={"value": row.value}, version=row.version)
    if row is not None and (row.value, row.certainty) == (words, certainty):
        return row

    return state(incident, by, row or FactItem(incident=incident, key=key, version=0), words, certainty)


def state(incident: Incident, by: Actor, row: FactItem, words: str, certainty: Certainty) -> FactItem:
    """Part of other verbs: writes the item; what stood there before is kept."""
    was = saving.say(incident, f"fact:{row.key}", row.value) if row.value else None
    row.value, row.certainty, row.set_by, row.set_at = words, certainty, by.ref, clock.now()
    row.version += 1
    row.save()
    saving.save(incident)
    digest = commit(words, row.secret)
    fact = facts.FactStated(
        incident=incident.uuid, item=row.uuid, key=row.key, value=digest, certainty=certainty, was=was
    )
    saving.tell(incident, by, fact)
    return row


@action
def add_link(*, by: Actor, ref: str, url: str, title: str = "") -> Link:
    """A page elsewhere. Only http and https: a link that runs something is no link. Raises NotFound, NotAllowed,
    Invalid.
    """
    incident = saving.hold(by, ref)
    address = saving.words(url, "url", most=URL)
    words = saving.words(title, "title", most=saving.TITLE, required=False)
    if not _is_web(address):
        raise Invalid("url", "not_a_web_address")

    row = Link.objects.create(incident=incident, url=address, title=words, added_by=by.ref, added_at=clock.now())
    saving.save(incident)
    committed = {"url": commit(address, row.secret), "title": commit(words, row.secret)}
    saving.tell(incident, by, facts.LinkAdded(incident=incident.uuid, link=row.uuid, **committed))
    return row


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in SCHEMES and bool(parts.hostname) and not any(c.isspace() for c in address)
    except ValueError:
        return False


@action
def remove_link(*, by: Actor, ref: str, link: UUID) -> None:
    """Raises NotFound, NotAllowed."""
    incident = saving.hold(by, ref)
    row = Link.objects.filter(incident=incident, uuid=link, removed_at__isnull=True).first()
    if row is None:
        raise NotFound("link")

    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    saving.save(incident)
    saving.tell(incident, by, facts.LinkRemoved(incident=incident.uuid, link=row.uuid))
