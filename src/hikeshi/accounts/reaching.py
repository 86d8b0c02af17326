"""By what ways somebody is reached, for the desk's own loops: no reader, so no question whether they may see it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from hikeshi.accounts import sealing
from hikeshi.accounts.models import ContactRules, Party, Person, StoredWay
from hikeshi.accounts.ways import SECRET, Kind, Recipient, Way
from hikeshi.kernel.prepared import Settled

PURPOSE: Final = "ways"
FARTHEST: Final = 8
"""Deputies of deputies that are asked; no circle is ever kept, this is for rows nobody wrote through the desk."""


def rules() -> ContactRules:
    """The site's one row; before anybody settled anything, what holds then."""
    return ContactRules.objects.select_related("keeper").filter(pk=1).first() or ContactRules(pk=1)


def address_of(row: StoredWay) -> str:
    if Kind(row.kind) in SECRET:
        return sealing.unseal(settings.MASTER_KEY, PURPOSE, row.address)
    return row.address


def way(row: StoredWay, owner: str) -> Way:
    return Way(
        ref=str(row.uuid),
        owner=owner,
        kind=Kind(row.kind),
        address=address_of(row),
        label=row.label,
        language=row.language,
        hours=row.hours,
        proven_at=row.proven_at,
        trouble=row.trouble,
    )


_OF_ONE = Settled(
    lambda person: StoredWay.objects.filter(person__uuid=person, person__is_active=True).order_by("position", "id"),
    person=UUID,
)


def way_at(kind: Kind, address: str) -> UUID | None:
    """Whose address this is, word for word; None where nobody who is here has it."""
    digest = sealing.keyed(settings.MASTER_KEY, PURPOSE, address)
    rows = StoredWay.objects.filter(kind=kind, digest=digest, person__is_active=True)
    return rows.values_list("uuid", flat=True).first()


def ways_of(owners: Iterable[str]) -> Mapping[str, tuple[Way, ...]]:
    """By owner, each in the order they want to be tried: one query. A party's own ways come before its desks'. Who is
    gone or unknown has none.
    """
    asked = tuple(dict.fromkeys(owners))
    people, parties = _uuids(asked, "person"), _uuids(asked, "party")
    if len(asked) == len(people) == 1:
        return {asked[0]: tuple(way(row, asked[0]) for row in _OF_ONE(person=people[0]))}
    theirs = Q(party__uuid__in=parties) | Q(party__under__uuid__in=parties)
    standing = Q(party__retired_at=None) & Q(party__under__retired_at=None)
    rows = (
        StoredWay.objects.filter(Q(person__uuid__in=people, person__is_active=True) | (theirs & standing))
        .select_related("person", "party__under")
        .order_by("party__under_id", "party__position", "party_id", "position", "id")
    )
    found: dict[str, list[Way]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: one.party is not None and one.party.under_id is not None):
        for owner in _owners(row):
            if owner in asked:
                found[owner].append(way(row, owner))
    return {owner: tuple(found.get(owner, ())) for owner in asked}


def _uuids(owners: Iterable[str], sort: str) -> list[UUID]:
    """Of the owners of this sort; one that is no such string is nobody's."""
    found = []
    for owner in owners:
        head, _, tail = owner.partition(":")
        try:
            found += [UUID(tail)] if head == sort else []
        except ValueError:
            continue
    return found


def _owners(row: StoredWay) -> tuple[str, ...]:
    if row.person is not None:
        return (f"person:{row.person.uuid}",)
    if row.party is None:
        return ()
    above = row.party.under
    return (row.party.ref, above.ref) if above is not None else (row.party.ref,)


_PERSON = Settled(lambda uuid: Person.objects.select_related("card").filter(uuid=uuid)[:1], uuid=UUID)
_STAND_IN = Settled(lambda of: Person.objects.filter(stands_in_for__person=of)[:1], of=int)


def recipient(owner: str) -> Recipient | None:
    """None for a string that names nobody."""
    people, parties = _uuids([owner], "person"), _uuids([owner], "party")
    if people:
        person = next(iter(_PERSON(uuid=people[0])), None)
        return None if person is None else _person(person)
    party = Party.objects.select_related("under").filter(uuid__in=parties).first()
    return None if party is None else _party(party)


def _person(one: Person) -> Recipient:
    card = getattr(one, "card", None)
    return Recipient(
        owner=f"person:{one.uuid}",
        name=one.name,
        language=one.language,
        zone=one.time_zone,
        hours=card.hours if card else "",
        active=one.is_active,
        deputy=_deputy_of_person(one),
    )


def _deputy_of_person(one: Person) -> str:
    """The first along the line who is still in use."""
    at = one
    for _ in range(FARTHEST):
        stands_in = next(iter(_STAND_IN(of=at.pk)), None)
        if stands_in is None or stands_in.pk == one.pk:
            return ""
        if stands_in.is_active:
            return f"person:{stands_in.uuid}"
        at = stands_in
    return ""


def in_use(party: Party) -> bool:
    return party.retired_at is None and (party.under is None or party.under.retired_at is None)


def _party(one: Party) -> Recipient:
    return Recipient(
        owner=one.ref,
        name=one.name,
        language=one.language,
        zone=one.time_zone,
        hours=one.hours,
        active=in_use(one),
        deputy=_deputy_of_party(one),
    )


def _deputy_of_party(one: Party) -> str:
    at = one
    for _ in range(FARTHEST):
        stands_in = Party.objects.select_related("under").filter(stands_in_for=at).first()
        if stands_in is None or stands_in.pk == one.pk:
            return ""
        if in_use(stands_in):
            return stands_in.ref
        at = stands_in
    return ""
