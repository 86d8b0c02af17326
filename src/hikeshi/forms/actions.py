"""Making forms, and sending what was filled in."""

from typing import Final
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.forms import checking, choosing, facts, queries
from hikeshi.forms.answering import Given, answers
from hikeshi.forms.definitions import Definition, Use, content_of, parts_of, read, written
from hikeshi.forms.models import Form, FormVersion
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import names
from hikeshi.incidents.actions import Received
from hikeshi.incidents.codes import RecordClass
from hikeshi.incidents.reporting import Answered, Purpose, Routed, Via
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.texts import words
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record

TOPICS: Final = ("settings",)
WHY: Final = 2_000


@action
def write_form(
    *, by: Actor, definition: Definition, form: UUID | None = None, why: str = "", version: int | None = None
) -> FormVersion:
    """Saves what a form says, as its next version; without ``form``, a new one. Nobody is shown it before it is
    offered. ``version``: the one its writer had read. Raises NotAllowed, NotFound, Invalid, Conflict.
    """
    queries.must_make(by)
    _must_hold_together(by, definition)
    reason = words(why, field="why", most=WHY, required=False)
    row = _held(form)
    _must_be_read(row, definition, version)

    row.newest += 1
    row.save()
    kept = FormVersion.objects.create(
        form=row, number=row.newest, definition=written(definition), why=reason, made_by=by.ref, at=clock.now()
    )
    content = commit(content_of(definition), kept.secret)
    fact = facts.FormWritten(form=row.uuid, number=row.newest, use=definition.use, text=kept.uuid, content=content)
    record(fact, subject=f"form:{row.uuid}", by=by, topics=TOPICS)
    return kept


def _held(form: UUID | None) -> Form:
    """Raises NotFound, Invalid."""
    if form is not None:
        found = Form.objects.select_for_update().filter(uuid=form).first()
        if found is None:
            raise NotFound("form")
        return found
    if Form.objects.count() >= queries.MOST:
        raise Invalid("title_ja", "too_many", limit=queries.MOST)
    return Form()


def _must_be_read(row: Form, definition: Definition, version: int | None) -> None:
    """Raises Conflict."""
    if row.pk is None or version is None or version >= row.newest:
        return
    theirs = read(row.versions.get(number=row.newest).definition)
    must_be_current(read=version, now=row.newest, yours=parts_of(definition), theirs=parts_of(theirs))


def _must_hold_together(by: Actor, definition: Definition) -> None:
    """Raises Invalid for the first thing that does not, NotFound."""
    flaw = next(iter(checking.flaws(definition)), None)
    if flaw is not None:
        raise Invalid(flaw.place, flaw.reason, **flaw.params)
    known = names.in_use().kinds.get(definition.kind)
    if definition.kind and (known is None or known.retired):
        raise Invalid("kind", "unknown")
    if definition.urgency is not None and definition.urgency not in {1, 2, 3}:
        raise Invalid("urgency", "out_of_range", low=1, high=3)
    if definition.record_class and definition.record_class not in set(RecordClass):
        raise Invalid("record_class", "unknown")
    for name in ("organisation", "place"):
        if getattr(definition, name):
            _must_be_a_place(by, getattr(definition, name), name)


def _must_be_a_place(by: Actor, organisation: str, field: str) -> None:
    try:
        found = accounts.organisation(by, UUID(organisation))
    except (ValueError, NotFound):
        raise Invalid(field, "unknown") from None
    if found.retired_at is not None:
        raise Invalid(field, "is_retired")


@action
def offer_form(*, by: Actor, form: UUID, number: int) -> Form:
    """People are shown this version from now on. Raises NotAllowed, NotFound, Invalid."""
    queries.must_make(by)
    row = _held(form)
    kept = row.versions.filter(number=number).first()
    if kept is None:
        raise NotFound("version")
    definition = read(kept.definition)
    _must_hold_together(by, definition)
    if row.offered == number:
        return row

    row.offered = number
    row.save(update_fields=["offered"])
    kept.offered_at = kept.offered_at or clock.now()
    kept.save(update_fields=["offered_at"])
    fact = facts.FormOffered(form=row.uuid, number=number, use=definition.use)
    record(fact, subject=f"form:{row.uuid}", by=by, topics=TOPICS)
    return row


@action
def withdraw_form(*, by: Actor, form: UUID) -> Form:
    """Nobody is shown it any more; what was begun before is still taken. Raises NotAllowed, NotFound."""
    queries.must_make(by)
    row = _held(form)
    if row.offered is None:
        return row

    use = read(row.versions.get(number=row.offered).definition).use
    row.offered = None
    row.save(update_fields=["offered"])
    fact = facts.FormWithdrawn(form=row.uuid, use=use)
    record(fact, subject=f"form:{row.uuid}", by=by, topics=TOPICS)
    return row


@action
def send_form(
    *,
    by: Actor,
    form: UUID,
    number: int,
    given: Given,
    what: str,
    nonce: str,
    name: str = "",
    contact: str = "",
    language: str = "",
    via: Via = Via.FORM,
) -> Received:
    """A report or request by a form, in the version its sender was shown: another that came meanwhile does not make
    them begin anew. Raises NotAllowed, NotFound, Invalid with the field's key.
    """
    shown = queries.begun_form(by, form, number)
    if shown.definition.use is Use.PHONE:
        raise NotFound("form")
    kept = answered(by, shown, given)
    return incidents.report(
        by=by,
        purpose=Purpose(shown.definition.use),
        what=what,
        nonce=nonce,
        name=name,
        contact=contact,
        language=language,
        via=via,
        routed=routed(shown.definition),
        answered=kept,
    )


def answered(by: Actor, shown: queries.Offered, given: Given) -> Answered:
    """What is kept of the answers. Raises Invalid with the field's key."""
    named = choosing.named(by, shown.definition, given)
    kept, wrong = answers(shown.definition, given, named)
    if wrong:
        raise wrong[0]
    hit = choosing.assets_in(shown.definition, kept)
    return Answered(form=shown.uuid, version=shown.number, answers=kept, assets=hit)


def routed(definition: Definition) -> Routed:
    return Routed(
        kind=definition.kind,
        urgency=definition.urgency,
        record_class=RecordClass(definition.record_class) if definition.record_class else None,
        organisation=UUID(definition.place) if definition.place else None,
    )
