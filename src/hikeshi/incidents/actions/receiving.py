"""What every report has in common, however it came in: its words checked, its reporter kept, its first message."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Language
from hikeshi.incidents import facts, likenesses
from hikeshi.incidents.actions import answers as answering
from hikeshi.incidents.actions import saving
from hikeshi.incidents.actions.assets import link_named
from hikeshi.incidents.actions.opening import wait_for_number
from hikeshi.incidents.actions.waiting import end_wait
from hikeshi.incidents.actions.writing import state
from hikeshi.incidents.codes import Certainty, Waiting, WaitOver
from hikeshi.incidents.models import FactItem, Incident, Message, Reporter, person_ref
from hikeshi.incidents.queries import reports as queries
from hikeshi.incidents.reporting import Answered, Purpose, Side, Via, answers_of
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import commit
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid, NotFound
from hikeshi.kernel.worlds import World

LINE: Final = 500
NONCE: Final = 16
BROKEN: Final = re.compile("[\x80-\x84\x86-\x9f\ufffd]")
"""What decoders make of bytes that were written in another encoding; nobody types these."""


@dataclass(frozen=True, slots=True)
class Received:
    """``code`` is shown once and kept nowhere in clear. ``again``: this form had been received before."""

    incident: Incident
    reporter: Reporter
    code: str
    again: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a report says, checked."""

    purpose: Purpose
    via: Via
    nonce: str
    language: str
    what: str
    name: str
    contact: str
    when: str
    where: str
    likeness: str
    did: tuple[str, ...]
    answered: Answered | None = None


def checked(
    by: Actor,
    *,
    purpose: Purpose,
    via: Via,
    nonce: str,
    language: str,
    likeness: str = "",
    did: Sequence[str] = (),
    words: Mapping[str, tuple[str, str]],
    answered: Answered | None = None,
) -> Told:
    """``words``: what, name, contact, when and where, each with the name its form has for it. Raises Invalid."""
    guide = likenesses.guide()
    kept = dict.fromkeys(("what", "name", "contact", "when", "where"), "")
    for name, (text, field) in words.items():
        long = name == "what"
        kept[name] = readable(text, field, most=saving.TEXT if long else LINE, required=long)
    return Told(
        purpose=purpose,
        via=via,
        nonce=proper_nonce(nonce),
        language=_language(by, language),
        likeness=_known("likeness", likeness, guide.likenesses),
        did=tuple(_known("did", one, guide.deeds) for one in did),
        answered=answered,
        **kept,
    )


def received_before(told: Told, world: World) -> Received | None:
    """The same form again. Going back, mending the words and sending again loses nothing: the mended words follow the
    first ones. Asked while nobody else can open a record.
    """
    wait_for_number(world)
    before = Reporter.objects.select_related("incident").filter(nonce=queries.nonce_digest(told.nonce)).first()
    if before is None:
        return None
    said = Message.objects.filter(incident=before.incident, side=Side.REPORTER)
    if told.what not in set(said.values_list("text", flat=True)):
        incident = Incident.objects.select_for_update(of=("self",)).get(pk=before.incident_id)
        write(incident, queries.actor_of(before), Side.REPORTER, told.what)
    return Received(before.incident, before, queries.code_of(told.nonce), again=True)


def reporter_row(by: Actor, told: Told) -> tuple[Reporter, Actor]:
    """The row, not yet written, and who acts from now on: the person, or whoever it is, by the report alone."""
    row = Reporter(
        uuid=uuid7(),
        person=accounts.myself(by),
        purpose=told.purpose,
        via=told.via,
        name=told.name,
        contact=told.contact,
        language=told.language,
        when_said=told.when,
        where_said=told.where,
        did=list(told.did),
        likeness=told.likeness,
        form=told.answered.form if told.answered else None,
        form_version=told.answered.version if told.answered else 0,
        answers=dict(told.answered.answers) if told.answered else {},
        at=clock.now(),
        nonce=queries.nonce_digest(told.nonce),
        code=queries.code_digest(queries.code_of(told.nonce)),
    )
    return row, by if by.person_id is not None else Actor(f"{queries.REPORTER}{row.uuid}", told.name)


def receive(incident: Incident, by: Actor, row: Reporter, told: Told) -> None:
    """Who reported, and in which words: the first message stays as it was, whatever the record says later."""
    row.incident = incident
    row.save()
    fact = facts.ReportReceived(
        incident=incident.uuid,
        reporter=row.uuid,
        purpose=told.purpose,
        via=told.via,
        person=person_ref(row.person),
        language=row.language,
        title=commit(row.name, row.secret),
        contact=commit(row.contact, row.secret),
        when_said=commit(row.when_said, row.secret),
        where_said=commit(row.where_said, row.secret),
        likeness=row.likeness,
        did=tuple(row.did),
        form=str(row.form or ""),
        form_version=row.form_version,
        answers=commit(answers_of(row.answers), row.secret),
    )
    saving.tell(incident, by, fact)
    if told.answered is not None:
        answering.keep(incident.pk, told.answered.form, row.answers)
        link_named(incident, by, told.answered.assets)
    first = write(incident, by, Side.REPORTER, told.what)
    first.read_at = first.at  # it is the record itself: whoever takes that up has read it
    first.save(update_fields=["read_at"])
    for key, words in (("when", told.when), ("where", told.where)):
        if words:
            state(incident, by, FactItem(incident=incident, key=key, version=0), words, Certainty.UNCONFIRMED)


def write(
    incident: Incident, by: Actor, side: Side, text: str, *, spoken: bool = False, answers: Message | None = None
) -> Message:
    """Part of other verbs: a message. By whatever way the reporter writes, with or without a question before it, the
    record no longer waits for them.
    """
    row = Message.objects.create(
        incident=incident, side=side, text=text, author=by.ref, at=clock.now(), spoken=spoken, answers=answers
    )
    saving.save(incident)
    digest = commit(text, row.secret)
    if side is Side.REPORTER:
        asked = answers.uuid if answers else None
        came = facts.MessageReceived(
            incident=incident.uuid, message=row.uuid, text=digest, author=by.ref, answers=asked
        )
        saving.tell(incident, by, came)
        if incident.waiting == Waiting.REPORTER:
            end_wait(incident, by, WaitOver.ANSWERED)
    else:
        went = facts.MessageSent(incident=incident.uuid, message=row.uuid, text=digest, author=by.ref, spoken=spoken)
        saving.tell(incident, by, went)
    return row


def reporter_of(incident: Incident) -> Reporter:
    """Raises NotFound where nobody reported it."""
    found = Reporter.objects.select_related("person").filter(incident=incident).first()
    if found is None:
        raise NotFound("reporter")
    return found


def readable(text: str, field: str, *, most: int = saving.TEXT, required: bool = True) -> str:
    """The words as they are kept. Bytes that were lost on the way are no words: better say so than keep rubbish.
    Raises Invalid.
    """
    if BROKEN.search(text):
        raise Invalid(field, "unreadable_characters")
    return saving.words(text, field, most=most, required=required)


def proper_nonce(nonce: str) -> str:
    if not NONCE <= len(nonce) <= 100 or not nonce.isascii():
        raise Invalid("nonce", "unknown")
    return nonce


def _language(by: Actor, language: str) -> str:
    wanted = language or by.language
    if wanted not in Language.values:
        raise Invalid("language", "unknown")
    return wanted


def _known(name: str, code: str, known: Mapping[str, object]) -> str:
    if code and code not in known:
        raise Invalid(name, "not_a_choice", choices=", ".join(known))
    return code
