"""Messages that people mark in a room: into the timeline of its record, once, as they stood when they were taken."""

import contextlib
import html
import zoneinfo
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents import actions as incidents
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import NotAllowed, NotFound, Refusal
from hikeshi.ledger.acts import action, unit
from hikeshi.phrases import moments
from hikeshi.rooms import queries
from hikeshi.rooms.actions.making import record_of
from hikeshi.rooms.actions.queueing import queue
from hikeshi.rooms.makers import READ_FROM
from hikeshi.rooms.models import Errand, ErrandKind, Fate, Mark, Room
from hikeshi.rooms.permissions import Verb
from hikeshi.rooms.results import Looked, Written

BY = system("chat")
CHANGED = (Fate.CHANGED, Fate.GONE)
SOON: Final = timedelta(minutes=1)
SELDOM: Final = timedelta(hours=6)
LOOKED_AT_FOR: Final = timedelta(days=14)


@action
def mark(*, by: Actor, workspace: UUID, place: str, message: str, written: Written) -> str:
    """A message of a room becomes a note of whoever marked it; it says who wrote it there, as far as the desk knows
    them. The reference of the record. No fact but the note's. Raises NotFound, NotAllowed, Invalid.
    """
    room = _room(workspace, place)
    record_of(by, room.ref)
    if not Mark.objects.filter(room=room, message=message).exists():
        note = incidents.note(by=by, ref=room.ref, text=_words(workspace, written))
        row = Mark.objects.create(room=room, message=message, note=note.uuid, state=written.state[:40], at=clock.now())
        if room.workspace.maker in READ_FROM:
            _look_again(row)
    return room.ref


@action
def mark_later(*, by: Actor, workspace: UUID, place: str, message: str) -> str:
    """The same for a message whose words the desk has to ask the tool for. The reference of the record. Raises
    NotFound, NotAllowed.
    """
    room = _room(workspace, place)
    record_of(by, room.ref)
    if not Mark.objects.filter(room=room, message=message).exists():
        about = {"message": message, "person": by.ref.removeprefix("person:")}
        queue(
            room.workspace, ErrandKind.FETCH, key=f"fetch:{room.uuid}:{message}:{by.ref}"[:200], room=room, about=about
        )
    return room.ref


@action
def note_change(*, by: Actor, workspace: UUID, place: str, message: str, gone: bool) -> None:
    """A marked message was changed or deleted there: what was taken stays, and the timeline says so, once for each.
    For the chat door. Raises NotAllowed.
    """
    if not by.unlimited:
        raise NotAllowed(Verb.CONFIGURE)
    fate = Fate.GONE if gone else Fate.CHANGED
    found = Mark.objects.select_related("room").filter(room__workspace__uuid=workspace, room__place=place)
    row = found.exclude(fate__in=CHANGED if not gone else (Fate.GONE,)).filter(message=message).first()
    if row is None:
        return

    row.fate = fate
    row.save(update_fields=["fate"])
    with translation.override(accounts.site().language):
        incidents.note(by=by, ref=row.room.ref, text=_changed(row, gone=gone))


def look_on(errand: Errand, looked: Looked | None) -> None:
    """Of a message that was taken: whether it stands as it did, and when to look again. This tool tells nobody, so that
    the desk asks: soon after, when people mend their words, and ever more seldom.
    """
    row = (
        Mark.objects.select_related("room__workspace")
        .filter(room=errand.room, message=errand.about.get("message", ""))
        .first()
    )
    if row is None:
        return
    if looked is not None and (looked.gone or looked.state != row.state):
        with contextlib.suppress(Refusal), unit():  # the record may be closed by now: then its timeline says no more
            note_change(
                by=BY,
                workspace=row.room.workspace.uuid,
                place=row.room.place,
                message=row.message,
                gone=looked.gone,
            )
    if looked is None or not looked.gone:
        _look_again(row)


def _look_again(row: Mark) -> None:
    now = clock.now()
    age = now - row.at
    if age > LOOKED_AT_FOR:
        return
    due = now + min(max(age, SOON), SELDOM)
    key = f"look:{row.room.uuid}:{row.pk}:{due.timestamp():.0f}"
    queue(row.room.workspace, ErrandKind.LOOK, key=key, room=row.room, about={"message": row.message}, due_at=due)


def _changed(row: Mark, *, gone: bool) -> str:
    when = {"when": f"{moments.local(row.at):%Y-%m-%d %H:%M}"}
    if gone:
        return _("The message taken from the chat room at %(when)s was deleted there. The note keeps its words.") % when
    return _("The message taken from the chat room at %(when)s was changed there. The note keeps the first.") % when


def take_up(errand: Errand, written: Written) -> str:
    """What an errand brought back, as whoever marked it. Why it was not taken: a code, empty where it was."""
    room = errand.room
    person = Person.objects.filter(uuid=errand.about.get("person"), is_active=True).first()
    if room is None or person is None:
        return "not_there"
    zone = zoneinfo.ZoneInfo(person.time_zone)
    try:
        with unit(), translation.override(person.language), timezone.override(zone):
            mark(
                by=accounts.actor_of(person),
                workspace=errand.workspace.uuid,
                place=room.place,
                message=errand.about.get("message", ""),
                written=written,
            )
    except Refusal:
        return "refused"
    return ""


def _room(workspace: UUID, place: str) -> Room:
    found = Room.objects.select_related("workspace").filter(workspace__uuid=workspace, place=place).exclude(place="")
    room = found.first()
    if room is None:
        raise NotFound("room")
    return room


def _words(workspace: UUID, written: Written) -> str:
    author = queries.person_of(workspace, written.author)
    name = author.name if author is not None else written.author or "?"
    when = f"{moments.local(written.at or clock.now()):%Y-%m-%d %H:%M}"
    head = _("%(name)s in the chat room, %(when)s:") % {"name": name, "when": when}
    quoted = "\n".join(f"> {line}" for line in html.unescape(written.text).splitlines())
    return f"{head}\n\n{quoted}"
