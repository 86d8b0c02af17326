"""What arrived becomes an act of the person who wrote it, or an answer that tells them how to become known."""

import re
import zoneinfo
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from hikeshi.accounts import queries as accounts
from hikeshi.chat import grammar
from hikeshi.chat.arriving import Arrived, Kind
from hikeshi.chat.commands import marking, people, records
from hikeshi.chat.commands.asking import Asked, Reply
from hikeshi.chat.grammar import Command, Typed
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import Refusal
from hikeshi.ledger.acts import unit
from hikeshi.notify.links import address
from hikeshi.phrases import refusals
from hikeshi.rooms import actions
from hikeshi.rooms import queries as rooms
from hikeshi.rooms.makers import OVERHEARD, READ_FROM
from hikeshi.rooms.queries import Door
from hikeshi.rooms.refusals import HeardBefore
from hikeshi.rooms.results import Written

DESK: Final = system("chat")
MARKS: Final = frozenset({Kind.MARK, Kind.POINTED})
CHANGES: Final = frozenset({Kind.CHANGED, Kind.DELETED})
_STAMP: Final = re.compile(r"\d{9,11}\.\d{1,9}")
COMMANDS: Final[Mapping[Command, Callable[[Asked], Reply]]] = {
    Command.DECLARE: records.declare,
    Command.ACKNOWLEDGE: records.acknowledge,
    Command.NOTE: records.note,
    Command.MARK: marking.mark,
    Command.LIST: records.listed,
    Command.STATUS: records.status,
    Command.WHO: people.who,
    Command.REPORT: people.report,
    Command.HELP: people.usage,
}


def act(door: Door, arrived: Arrived) -> Reply | None:
    """None where nothing is to be said: what came again was answered the first time. What is heard and what is done
    about it are kept together or not at all.
    """
    if arrived.kind in CHANGES:
        _changed(door, arrived)
        return None
    typed = grammar.read(grammar.plain(arrived.text)) if arrived.kind is Kind.COMMAND else Typed(None, "")
    person = rooms.person_of(door.uuid, arrived.who)
    site = accounts.site()
    zone = zoneinfo.ZoneInfo(person.time_zone if person else site.time_zone)
    with translation.override(person.language if person else site.language), timezone.override(zone):
        try:
            with unit():
                links = typed.command is Command.LINK
                actions.hear(by=DESK, workspace=door.uuid, key=arrived.key, who=arrived.who, links=links)
                return _done(door, arrived, typed, accounts.actor_of(person) if person else None)
        except HeardBefore:
            return None
        except Refusal as refusal:
            return _refused(refusal)


def _changed(door: Door, arrived: Arrived) -> None:
    """Of a message nobody marked, the desk keeps nothing."""
    try:
        gone = arrived.kind is Kind.DELETED
        actions.note_change(by=DESK, workspace=door.uuid, place=arrived.place, message=arrived.message, gone=gone)
    except Refusal:
        return


def _done(door: Door, arrived: Arrived, typed: Typed, by: Actor | None) -> Reply:
    """A refusal undoes what was done, and stays heard: it is answered here, inside."""
    try:
        with unit():
            if typed.command is Command.LINK:
                return _linked(door, arrived, typed)
            if by is None:
                return _stranger()
            if arrived.kind in MARKS:
                return _marked(door, arrived, by)
            return _commanded(door, arrived, typed, by)
    except Refusal as refusal:
        return _refused(refusal, overheard=door.maker in OVERHEARD)


def _commanded(door: Door, arrived: Arrived, typed: Typed, by: Actor) -> Reply:
    asked = Asked(
        by=by,
        words=typed.words,
        key=f"{door.uuid}:{arrived.key}",
        room=rooms.ref_of_place(door.uuid, arrived.place),
        overheard=door.maker in OVERHEARD,
        workspace=door.uuid,
        place=arrived.place,
        reads=door.maker in READ_FROM,
    )
    if typed.command is None:
        help_ = people.usage(asked)
        unknown = _("There is no command \u201c%(word)s\u201d.") % {"word": typed.first[:40]}
        return Reply((unknown, *help_.lines), help_.link)
    return COMMANDS[typed.command](asked)


def _marked(door: Door, arrived: Arrived, by: Actor) -> Reply:
    """Of a shortcut the words are in hand; for a reaction the tool is asked for them."""
    if arrived.kind is Kind.POINTED:
        ref = actions.mark_later(by=by, workspace=door.uuid, place=arrived.place, message=arrived.message)
    else:
        at = datetime.fromtimestamp(float(arrived.message), UTC) if _STAMP.fullmatch(arrived.message) else clock.now()
        written = Written(arrived.text, arrived.author, at)
        ref = actions.mark(by=by, workspace=door.uuid, place=arrived.place, message=arrived.message, written=written)
    return Reply((_("Written into %(ref)s.") % {"ref": ref},))


def _linked(door: Door, arrived: Arrived, typed: Typed) -> Reply:
    link = actions.link_by_code(by=DESK, workspace=door.uuid, chat_id=arrived.who, code=typed.words)
    with translation.override(link.person.language):
        return Reply((_("Done. The desk knows you here as %(name)s.") % {"name": link.person.name},))


def _stranger() -> Reply:
    """The same for everybody who is not known, whatever they typed."""
    return Reply(
        (
            _("The desk does not know yet who you are here."),
            _("Sign in to the desk, make a code under \u201cChat\u201d in your account, and type here: %(word)s CODE")
            % {"word": grammar.word(Command.LINK, translation.get_language() or "en")},
        ),
        address("/account/chat"),
    )


def _refused(refusal: Refusal, *, overheard: bool = False) -> Reply:
    lines = (refusals.sentence(refusal),)
    return Reply((*lines, _("Not everything is said where others read it: look at the desk.")) if overheard else lines)
