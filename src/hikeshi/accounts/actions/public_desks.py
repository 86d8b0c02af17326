"""A public desk the product knows of becomes a contact of the site, or is brought up to what the product knows now."""

from uuid import UUID

from hikeshi.accounts import contacts, public_desks, queries
from hikeshi.accounts.actions.parties import add_party, edit_party
from hikeshi.accounts.actions.ways import add_way
from hikeshi.accounts.drafts import PartyDraft
from hikeshi.accounts.models import Party
from hikeshi.accounts.permissions import Verb
from hikeshi.accounts.public_desks import Desk
from hikeshi.kernel.acting import Actor
from hikeshi.ledger.acts import action


@action
def take_up_desk(*, by: Actor, desk: str, organisation: UUID | None = None) -> Party:
    """Made once for each organisation (none: the topmost); a newer edition writes its texts anew and adds what ways are
    lacking, and takes nothing away. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.MANAGE)
    known = public_desks.desk(desk)
    place = queries.organisation(by, organisation, Verb.MANAGE) if organisation else queries.root()
    by.must(Verb.MANAGE, place.pk)
    party = contacts.seen_parties(by).filter(desk=desk, organisation=place).first()
    if party is not None and party.desk_edition >= known.edition:
        return party

    if party is None:
        party = add_party(by=by, draft=_draft(known, queries.site().language), organisation=place.uuid)
    else:
        party = edit_party(by=by, party=party.uuid, draft=_anew(known, party))
    party.desk, party.desk_edition = desk, known.edition
    party.save(update_fields=["desk", "desk_edition"])
    _add_ways(by, known, party)
    return party


def _draft(known: Desk, language: str) -> PartyDraft:
    name, duty, note = (known.text(one, language) for one in public_desks.TEXTS)
    return PartyDraft(name=name, duty=duty, note=note, kind=known.kind, language=language)


def _anew(known: Desk, party: Party) -> PartyDraft:
    """What the site itself added stays."""
    name, duty, note = (known.text(one, party.language) for one in public_desks.TEXTS)
    return PartyDraft(
        name=name,
        duty=duty,
        note=note,
        kind=party.kind,
        language=party.language,
        time_zone=party.time_zone,
        hours=party.hours,
        contract=party.contract,
        contract_until=party.contract_until,
        deputy=party.deputy.uuid if party.deputy else None,
        keeper=party.keeper.uuid if party.keeper else None,
    )


def _add_ways(by: Actor, known: Desk, party: Party) -> None:
    held = {way.address for way in party.ways.all()}
    for way in known.ways:
        if way.address not in held:
            label = way.label.said(party.language)
            add_way(by=by, owner=party.ref, kind=way.kind, address=way.address, label=label)
