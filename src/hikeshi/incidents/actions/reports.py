"""Reports by people, by form or API: one record each, in the one queue; who may report, and their codes."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Organisation
from hikeshi.incidents import facts, likenesses, names
from hikeshi.incidents.actions import answers, saving
from hikeshi.incidents.actions.keeping import must_not_be_held
from hikeshi.incidents.actions.opening import place_record
from hikeshi.incidents.actions.receiving import (
    Received,
    Told,
    checked,
    proper_nonce,
    receive,
    received_before,
    reporter_of,
    reporter_row,
)
from hikeshi.incidents.actions.times import mark
from hikeshi.incidents.codes import MomentKind, RecordClass
from hikeshi.incidents.models import Incident, Reporter, ReportingRules
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.queries import reports as queries
from hikeshi.incidents.reporting import Answered, Purpose, Routed, Via, headline
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action, record

OTHER: Final = "other"


@action
def report(
    *,
    by: Actor,
    purpose: Purpose,
    what: str,
    nonce: str,
    when: str = "",
    where: str = "",
    did: Sequence[str] = (),
    likeness: str = "",
    name: str = "",
    contact: str = "",
    language: str = "",
    via: Via = Via.FORM,
    routed: Routed | None = None,
    answered: Answered | None = None,
) -> Received:
    """Anybody with an account reports; others through the portal, which acts for them where the site allows it. Nobody
    has decided yet what it is, unless it says of itself that it is a near miss. ``nonce`` names the form: sent twice it
    is one report, and what was changed in between is added to it. ``routed``: where a form of the site sends it.

    Raises NotAllowed, Invalid.
    """
    _must_be_let_in(by, via)
    words = _named(what=what, when=when, where=where, name=name, contact=contact)
    told = checked(
        by,
        purpose=purpose,
        via=via,
        nonce=nonce,
        language=language,
        likeness=likeness,
        did=did,
        words=words,
        answered=answered,
    )
    world = World(accounts.site().world)
    before = received_before(told, world)
    if before is not None:
        return before

    row, actor = reporter_row(by, told)
    incident = _open(actor, told, _place_of(by), world, routed or Routed())
    receive(incident, actor, row, told)
    mark(incident, actor, MomentKind.REPORTED, incident.opened_at)
    return Received(incident, row, queries.code_of(told.nonce))


def _must_be_let_in(by: Actor, via: Via) -> None:
    """A mailbox of the desk is open to all."""
    if by.person_id is None and not (by.unlimited and (via is Via.MAIL or queries.open_to_all())):
        raise NotAllowed(Verb.OPEN)


def _named(**said: str) -> dict[str, tuple[str, str]]:
    """Each by its own name."""
    return {field: (text, field) for field, text in said.items()}


def _open(by: Actor, told: Told, place: Organisation, world: World, routed: Routed) -> Incident:
    """A kind the site no longer uses is none: somebody will choose another."""
    guide = likenesses.guide()
    kind = routed.kind or guide.kind(told.purpose, told.likeness)
    known = names.in_use().kinds.get(kind)
    levels = guide.levels(told.purpose, told.likeness, told.did)
    return place_record(
        by=by,
        title=headline(told.what),
        kind=kind if known and not known.retired else OTHER,
        levels={**levels, "urgency": routed.urgency or levels["urgency"]},
        place=_routed_place(routed) or place,
        world=world,
        description=told.what,
        decided=RecordClass.NEAR_MISS if told.purpose is Purpose.NEAR_MISS else routed.record_class,
    )


def _routed_place(routed: Routed) -> Organisation | None:
    """None where the form names none, or one that went out of use since."""
    return (
        Organisation.objects.filter(uuid=routed.organisation, retired_at=None).first() if routed.organisation else None
    )


def _place_of(by: Actor) -> Organisation:
    """A report is taken in wherever it belongs; at the top, where that place went out of use meanwhile."""
    person = accounts.myself(by)
    place = person.organisation if person is not None else queries.reporting().organisation
    return place if place.retired_at is None else accounts.root()


@action
def renew_follow_code(*, by: Actor, ref: str, nonce: str) -> str:
    """A new code for a reporter who lost theirs, and whose identity the desk has made sure of; the old one ends.
    Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref, merged_too=True)
    row = reporter_of(incident)
    code = queries.code_of(proper_nonce(nonce))
    if row.code == queries.code_digest(code):
        return code

    row.code = queries.code_digest(code)
    row.save(update_fields=["code"])
    saving.save(incident)
    saving.tell(incident, by, facts.FollowCodeRenewed(incident=incident.uuid, reporter=row.uuid))
    return code


@action
def erase_reporter(*, by: Actor, ref: str, reason: str) -> Reporter:
    """Takes away who reported and how to reach them, and the key that proved it; the report itself stays. Their code
    ends with it. Raises NotFound, NotAllowed, Invalid.
    """
    incident = saving.hold(by, ref, Verb.COMMAND, merged_too=True)
    row = reporter_of(incident)
    why = saving.because(incident, reason, required=True)
    if row.erased_at is not None or why is None:
        return row
    must_not_be_held(incident)

    row.name = row.contact = row.when_said = row.where_said = row.secret = ""
    row.answers = {}
    row.code, row.erased_at = None, clock.now()
    row.save()
    answers.forget([incident.pk])
    saving.save(incident)
    saving.tell(incident, by, facts.ReporterErased(incident=incident.uuid, reporter=row.uuid, reason=why))
    return row


@action
def set_reporting(*, by: Actor, open_to_all: bool, organisation: UUID, answer_days: int) -> ReportingRules:
    """Whether people without an account may report, where their reports belong, and how long after the end a reporter
    may say that it is not over. Raises NotAllowed, NotFound, Invalid.
    """
    by.must(Verb.CONFIGURE, accounts.root().pk)
    place = accounts.organisation(by, organisation, Verb.CONFIGURE)
    if place.retired_at is not None:
        raise Invalid("organisation", "is_retired")
    if not 1 <= answer_days <= 365:
        raise Invalid("answer_days", "out_of_range", low=1, high=365)

    last = ReportingRules.objects.select_for_update().order_by("-number").first()
    row = ReportingRules.objects.create(
        number=last.number + 1 if last else 1,
        open_to_all=open_to_all,
        organisation=place,
        answer_days=answer_days,
        made_by=by.ref,
        at=clock.now(),
    )
    fact = facts.ReportingSet(
        rules=row.uuid,
        number=row.number,
        open_to_all=open_to_all,
        organisation=place.uuid,
        answer_days=answer_days,
    )
    record(fact, subject="site", by=by, topics=("settings",))
    return row
