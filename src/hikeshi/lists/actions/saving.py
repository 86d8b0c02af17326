"""Keeping filters, and how somebody likes their lists."""

from collections.abc import Sequence
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person, Team
from hikeshi.incidents.models import person_ref
from hikeshi.kernel import clock, texts
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.lists import conditions as asking
from hikeshi.lists import facts, terms
from hikeshi.lists.codes import Audience
from hikeshi.lists.models import Arrangement, FilterVersion, SavedFilter
from hikeshi.lists.permissions import Verb
from hikeshi.lists.queries.saved import MOST, filters, kept, may_change, own_teams

NAME = 100
TOPICS = ("incidents",)


def _myself(by: Actor) -> Person:
    mine = accounts.myself(by)
    if mine is None:
        raise NotAllowed(Verb.SHARE)
    return mine


@action
def save_filter(
    *,
    by: Actor,
    name: str,
    filter: str = "",  # noqa: A002  # called so in addresses and in the API
    columns: Sequence[str] = (),
    order: str = "",
    group: str = "",
    audience: str = Audience.MINE,
    team: UUID | None = None,
    saved: UUID | None = None,
    version: int | None = None,
) -> SavedFilter:
    """A new filter, or with ``saved`` the next version of one; for whom it is stays then. ``team`` is one's own.
    Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    mine = _myself(by)
    said = _said(name, filter, columns, order, group)
    row = _held(by, saved) if saved else _begun(by, mine, audience, team)
    if row.pk:
        was = terms.read(row.versions.get(number=row.newest))
        must_be_current(read=version, now=row.newest, yours=_texts(said), theirs=_texts(was))
        if said == was:
            return row

    row.newest += 1
    row.save()
    _put(by, row, said)
    return row


@action
def restore_filter(*, by: Actor, saved: UUID, number: int) -> SavedFilter:
    """What an earlier version said, as a new one. Raises NotAllowed, NotFound."""
    _myself(by)
    row = _held(by, saved)
    earlier = row.versions.filter(number=number).first()
    if earlier is None:
        raise NotFound("version")
    said = terms.read(earlier)
    if said == terms.read(row.versions.get(number=row.newest)):
        return row

    row.newest += 1
    row.save(update_fields=["newest"])
    _put(by, row, said)
    return row


@action
def remove_filter(*, by: Actor, saved: UUID) -> None:
    """It is offered to nobody any more. Raises NotAllowed, NotFound."""
    _myself(by)
    row = _held(by, saved)

    row.removed_at = clock.now()
    row.save(update_fields=["removed_at"])
    fact = facts.FilterRemoved(saved=row.uuid, audience=Audience(row.audience))
    record(fact, subject=f"filter:{row.uuid}", by=by, topics=TOPICS)


@action
def arrange(*, by: Actor, columns: Sequence[str] = (), order: str = "", group: str = "") -> Arrangement:
    """How one's own lists look; empty is as usual. No fact, since it concerns nobody else. Raises NotAllowed,
    Invalid.
    """
    mine = _myself(by)
    looks = terms.looks(columns, order, group)
    said = {"columns": list(looks.columns), "order": looks.order, "group": looks.group}
    return Arrangement.objects.update_or_create(person=mine, defaults=said)[0]


@action
def mark_seen(*, by: Actor) -> Arrangement:
    """One has seen what changed until now. No fact, as above. Raises NotAllowed."""
    mine = _myself(by)
    return Arrangement.objects.update_or_create(person=mine, defaults={"seen_at": clock.now()})[0]


def _said(name: str, text: str, columns: Sequence[str], order: str, group: str) -> terms.Terms:
    called = texts.words(name, field="name", most=NAME, required=True)
    if "\n" in called:
        raise Invalid("name", "one_line")
    return terms.Terms(called, asking.parse(text).text, terms.looks(columns, order, group))


def _texts(said: terms.Terms) -> dict[str, str]:
    looks = said.looks
    return {
        "name": said.name,
        "filter": said.conditions,
        "columns": ", ".join(looks.columns),
        "order": looks.order,
        "group": looks.group,
    }


def _held(by: Actor, saved: UUID) -> SavedFilter:
    """Locked until the act is over."""
    row = kept(by, saved).row
    if not may_change(by, row):
        raise NotAllowed(Verb.SHARE)
    return filters(by).select_for_update(of=("self",)).get(pk=row.pk)


def _begun(by: Actor, mine: Person, audience: str, team: UUID | None) -> SavedFilter:
    if audience not in set(Audience):
        raise Invalid("audience", "not_a_choice", choices=", ".join(Audience))
    if audience == Audience.EVERYONE:
        by.must(Verb.SHARE, accounts.root().pk)
    if SavedFilter.objects.filter(owner=mine, removed_at=None).count() >= MOST:
        raise Invalid("name", "too_many_filters", limit=MOST)
    shared = _team(by, team) if audience == Audience.TEAM else None
    return SavedFilter(audience=audience, owner=mine, team=shared)


def _team(by: Actor, team: UUID | None) -> Team:
    found = own_teams(by).filter(uuid=team).first() if team else None
    if found is None:
        raise Invalid("team", "unknown" if team else "required")
    return found


def _put(by: Actor, row: SavedFilter, said: terms.Terms) -> None:
    looks = said.looks
    made = FilterVersion(
        saved=row,
        number=row.newest,
        name=said.name,
        conditions=said.conditions,
        columns=list(looks.columns),
        order=looks.order,
        group=looks.group,
        made_by=by.ref,
        at=clock.now(),
    )
    made.save()
    fact = facts.FilterSaved(
        saved=row.uuid,
        number=row.newest,
        audience=Audience(row.audience),
        owner=person_ref(row.owner),
        team=row.team.uuid if row.team else None,
        text=made.uuid,
        content=commit(terms.content_of(made), made.secret),
    )
    record(fact, subject=f"filter:{row.uuid}", by=by, topics=TOPICS)
