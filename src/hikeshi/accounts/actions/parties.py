"""Outside parties: police, forensic firm, lawyers, insurer, cloud, contractors; who does what; whom to call first."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from hikeshi.accounts import addresses, contacts, facts, names, queries, reaching, zones
from hikeshi.accounts.actions.rights import TOPICS, must_stand
from hikeshi.accounts.actions.ways import must_not_circle, owner_of, proper_hours, rules_set
from hikeshi.accounts.drafts import CallLineDraft, PartyDraft, ResponsibilityDraft
from hikeshi.accounts.models import (
    CallLine,
    ContactRules,
    Language,
    Organisation,
    Party,
    PartyKind,
    Person,
    Responsibility,
    Who,
)
from hikeshi.accounts.permissions import Verb
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import Commitment, commit
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.texts import clean
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record

LONGEST_TEXT: Final = 4_000
MOST_LINES: Final = 200
MOST_CALLS: Final = 40
"""What one sheet of paper holds."""
RULES: Final = "contact_rules:1"


@action
def add_party(*, by: Actor, draft: PartyDraft, organisation: UUID | None = None, under: UUID | None = None) -> Party:
    """With ``under`` a desk or contact person of that party, else a party of ``organisation`` (none: the topmost).

    Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.MANAGE)
    above = contacts.party(by, under) if under else None
    if above is not None and above.under_id is not None:
        raise Invalid("under", "desk_of_a_desk")
    place = above.organisation if above else _place(by, organisation)
    by.must(Verb.MANAGE, place.pk)
    must_stand(place)
    party = Party(organisation=place, under=above, position=above.desks.count() if above else 0)
    _write(by, party, draft)

    party.save()
    record(_added(party), subject=party.ref, by=by, topics=TOPICS)
    _record_change(by, party)
    return party


@action
def edit_party(*, by: Actor, party: UUID, draft: PartyDraft, version: int | None = None) -> Party:
    """Raises NotAllowed, NotFound, Invalid, Conflict."""
    changed = contacts.party(by, party)
    by.must(Verb.MANAGE, changed.organisation_id)
    theirs = _texts(changed)
    _write(by, changed, draft)
    must_be_current(read=version, now=changed.version, yours=_texts(changed), theirs=theirs)
    changed.version += 1

    changed.save()
    _record_change(by, changed)
    return changed


@action
def retire_party(*, by: Actor, party: UUID) -> Party:
    """Nobody is sent there any more; what was written stays. Raises NotAllowed, NotFound."""
    gone = contacts.party(by, party)
    by.must(Verb.MANAGE, gone.organisation_id)
    if gone.retired_at is None:
        gone.retired_at = clock.now()
        gone.save(update_fields=["retired_at"])
        record(facts.PartyRetired(party=gone.uuid), subject=gone.ref, by=by, topics=TOPICS)
    return gone


@action
def reinstate_party(*, by: Actor, party: UUID) -> Party:
    """Raises NotAllowed, NotFound."""
    back = contacts.party(by, party)
    by.must(Verb.MANAGE, back.organisation_id)
    if back.retired_at is not None:
        back.retired_at = None
        back.save(update_fields=["retired_at"])
        record(facts.PartyReinstated(party=back.uuid), subject=back.ref, by=by, topics=TOPICS)
    return back


@action
def set_responsibilities(*, by: Actor, party: UUID, lines: Sequence[ResponsibilityDraft]) -> Party:
    """Who does what for each shared service; replaces what stood there. Raises NotAllowed, NotFound, Invalid."""
    shared = contacts.party(by, party)
    by.must(Verb.MANAGE, shared.organisation_id)
    if len(lines) > MOST_LINES:
        raise Invalid("lines", "too_many", limit=MOST_LINES)
    rows = [_responsibility(shared, position, line) for position, line in enumerate(lines)]

    Responsibility.objects.filter(party=shared).delete()
    Responsibility.objects.bulk_create(rows)
    said = commit(msgspec.json.encode(list(lines)).decode(), shared.secret)
    fact = facts.ResponsibilitiesSet(party=shared.uuid, lines=len(rows), said=said)
    record(fact, subject=shared.ref, by=by, topics=TOPICS)
    return shared


@action
def set_call_sheet(*, by: Actor, organisation: UUID, lines: Sequence[CallLineDraft]) -> Organisation:
    """Whom to call, in this order; none at all: the desk proposes an order. Raises NotAllowed, NotFound, Invalid."""
    place = queries.organisation(by, organisation, Verb.MANAGE)
    by.must(Verb.MANAGE, place.pk)
    if len(lines) > MOST_CALLS:
        raise Invalid("lines", "too_many", limit=MOST_CALLS)
    if len({line.owner for line in lines}) != len(lines):
        raise Invalid("lines", "called_twice")
    rows = [_call(by, place, position, line) for position, line in enumerate(lines, start=1)]

    CallLine.objects.filter(organisation=place).delete()
    CallLine.objects.bulk_create(rows)
    fact = facts.CallSheetSet(organisation=place.uuid, owners=tuple(line.owner for line in lines))
    record(fact, subject=f"organisation:{place.uuid}", by=by, topics=TOPICS)
    return place


@action
def set_contact_rules(
    *,
    by: Actor,
    stale_days: int,
    check_days: int,
    answer_hours: int,
    country: str,
    keeper: UUID | None = None,
    version: int | None = None,
) -> ContactRules:
    """Raises NotAllowed, NotFound, Invalid, Conflict."""
    by.must(Verb.MANAGE, queries.root().pk)
    rules = reaching.rules()
    person = queries.person(by, keeper) if keeper else None
    if person is not None and not person.is_active:
        raise Invalid("keeper", "deputy_gone")
    wanted: dict[str, int | str] = {
        "stale_days": _between("stale_days", stale_days, 1, 3_650),
        "check_days": _between("check_days", check_days, 0, 3_650),
        "answer_hours": _between("answer_hours", answer_hours, 1, 720),
        "country": _country(country),
    }
    theirs = {name: str(getattr(rules, name)) for name in wanted}
    yours = {name: str(value) for name, value in wanted.items()}
    must_be_current(read=version, now=rules.version, yours=yours, theirs=theirs)

    for name, value in wanted.items():
        setattr(rules, name, value)
    rules.keeper = person
    rules.version += 1
    rules.save()
    record(rules_set(rules), subject=RULES, by=by, topics=TOPICS)
    return rules


def _place(by: Actor, organisation: UUID | None) -> Organisation:
    return queries.organisation(by, organisation, Verb.MANAGE) if organisation else queries.root()


def _write(by: Actor, party: Party, draft: PartyDraft) -> None:
    site = queries.site()
    party.name = names.title(draft.name)
    party.kind = _choice("kind", draft.kind, PartyKind.values)
    party.duty = names.title(draft.duty, "duty") if draft.duty.strip() else ""
    party.language = _choice("language", draft.language or site.language, Language.values)
    party.time_zone = zones.proper(draft.time_zone) if draft.time_zone.strip() else site.time_zone
    party.hours = proper_hours(draft.hours)
    party.contract, party.note = _text("contract", draft.contract), _text("note", draft.note)
    party.contract_until = draft.contract_until
    party.keeper = _keeper(by, draft.keeper)
    party.deputy = _deputy(by, party, draft.deputy)
    same = Party.objects.filter(organisation=party.organisation, under=party.under, name=party.name)
    if same.exclude(pk=party.pk).exists():
        raise Invalid("name", "taken")


def _keeper(by: Actor, wanted: UUID | None) -> Person | None:
    found = queries.person(by, wanted) if wanted else None
    if found is not None and not found.is_active:
        raise Invalid("keeper", "deputy_gone")
    return found


def _deputy(by: Actor, party: Party, wanted: UUID | None) -> Party | None:
    if wanted is None:
        return None
    found = contacts.party(by, wanted)
    if not reaching.in_use(found):
        raise Invalid("deputy", "deputy_gone")
    if found.organisation_id != party.organisation_id or found.uuid == party.uuid:
        raise Invalid("deputy", "deputy_circle" if found.uuid == party.uuid else "deputy_elsewhere")
    if party.pk is not None:
        along: dict[int, int | None] = dict(Party.objects.exclude(deputy=None).values_list("pk", "deputy_id"))
        along[party.pk] = found.pk
        must_not_circle(party.pk, along)
    return found


def _text(field: str, typed: str) -> str:
    kept = clean(typed, field=field).strip()
    if len(kept) > LONGEST_TEXT:
        raise Invalid(field, "too_long", limit=LONGEST_TEXT)
    return kept


def _choice(field: str, value: str, known: Sequence[str]) -> str:
    if value not in known:
        raise Invalid(field, "unknown")
    return value


def _between(field: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise Invalid(field, "out_of_range", low=low, high=high)
    return value


def _country(typed: str) -> str:
    return _choice("country", typed.strip().upper(), sorted(addresses.COUNTRIES))


def _responsibility(party: Party, position: int, line: ResponsibilityDraft) -> Responsibility:
    return Responsibility(
        party=party,
        position=position,
        service=names.title(line.service, "service"),
        task=names.title(line.task, "task"),
        who=_choice("who", line.who, Who.values),
        note=names.title(line.note, "note") if line.note.strip() else "",
    )


def _call(by: Actor, place: Organisation, position: int, line: CallLineDraft) -> CallLine:
    owner = owner_of(by, line.owner)
    row = CallLine(organisation=place, position=position)
    row.purpose = names.title(line.purpose, "purpose") if line.purpose.strip() else ""
    if isinstance(owner, Party):
        row.party = owner
    else:
        row.person = owner
    return row


def _added(party: Party) -> facts.PartyAdded:
    return facts.PartyAdded(
        party=party.uuid,
        organisation=party.organisation.uuid,
        under=party.under.uuid if party.under else None,
        kind=party.kind,
        title=commit(party.name, party.secret),
    )


def _record_change(by: Actor, party: Party) -> None:
    fact = facts.PartyChanged(
        party=party.uuid,
        kind=party.kind,
        title=commit(party.name, party.secret),
        said=_said(party),
        deputy=party.deputy.uuid if party.deputy else None,
        keeper=party.keeper.uuid if party.keeper else None,
    )
    record(fact, subject=party.ref, by=by, topics=TOPICS)


def _said(party: Party) -> Commitment:
    return commit(msgspec.json.encode(_texts(party)).decode(), party.secret)


def _texts(party: Party) -> dict[str, str]:
    fields = ("name", "kind", "duty", "language", "time_zone", "hours", "contract", "note")
    until = party.contract_until.isoformat() if party.contract_until else ""
    return {**{field: getattr(party, field) for field in fields}, "contract_until": until}
