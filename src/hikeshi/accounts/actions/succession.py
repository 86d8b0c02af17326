"""What accounts itself keeps that rests on somebody: deputies, contacts, keys; and how a successor takes it."""

from collections import defaultdict
from collections.abc import Sequence

from hikeshi.accounts import contacts, queries, reaching, resting
from hikeshi.accounts.actions.parties import edit_party, set_contact_rules
from hikeshi.accounts.actions.ways import set_card
from hikeshi.accounts.drafts import PartyDraft
from hikeshi.accounts.models import Card, Membership, Party, Person
from hikeshi.accounts.resting import Rest
from hikeshi.kernel.acting import Actor


def look(by: Actor, people: Sequence[Person]) -> resting.Found:
    """Five queries."""
    numbers = [one.pk for one in people]
    found: dict[int, list[Rest]] = defaultdict(list)
    for card in _cards(by, numbers):
        found[card.deputy_id or 0].append(Rest("deputy", f"person:{card.person.uuid}", card.person.name))
    for party in contacts.seen_parties(by).filter(keeper__in=numbers, retired_at=None):
        above = party.under or party
        found[party.keeper_id or 0].append(Rest("keeps", above.ref, party.name))
    keeper = reaching.rules().keeper_id
    if keeper in numbers:
        found[keeper or 0].append(Rest("keeps_contacts", "", ""))
    for led in Membership.objects.filter(person__in=numbers, lead=True, team__in=queries.teams(by)).select_related(
        "team"
    ):
        found[led.person_id].append(Rest("leads", f"team:{led.team.uuid}", led.team.name, movable=False))
    for token in queries.live_tokens().filter(person__in=numbers, pk__in=queries.tokens(by).values("pk")):
        found[token.person_id or 0].append(Rest("token", f"token:{token.uuid}", token.name, True, movable=False))
    return found


def _cards(by: Actor, numbers: Sequence[int]) -> Sequence[Card]:
    rows = Card.objects.filter(deputy__in=numbers, person__is_active=True, person__in=queries.people(by).values("pk"))
    return list(rows.select_related("person", "deputy"))


def hand_over(by: Actor, person: Person, to: Person) -> None:
    """Nobody becomes their own deputy. Raises NotAllowed, Invalid."""
    for card in _cards(by, [person.pk]):
        if card.person_id != to.pk:
            set_card(by=by, person=card.person.uuid, duty=card.duty, hours=card.hours, deputy=to.uuid)
    for party in contacts.seen_parties(by).filter(keeper=person, retired_at=None):
        edit_party(by=by, party=party.uuid, draft=_draft(party, to))
    rules = reaching.rules()
    if rules.keeper_id == person.pk:
        set_contact_rules(
            by=by,
            stale_days=rules.stale_days,
            check_days=rules.check_days,
            answer_hours=rules.answer_hours,
            country=rules.country,
            keeper=to.uuid,
        )


def _draft(party: Party, keeper: Person) -> PartyDraft:
    return PartyDraft(
        name=party.name,
        kind=party.kind,
        duty=party.duty,
        language=party.language,
        time_zone=party.time_zone,
        hours=party.hours,
        contract=party.contract,
        contract_until=party.contract_until,
        note=party.note,
        deputy=party.deputy.uuid if party.deputy else None,
        keeper=keeper.uuid,
    )


resting.register("accounts", look, hand_over)
