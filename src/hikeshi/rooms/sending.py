"""The loop that runs errands at chat tools: one at a time, the call itself between two transactions."""

import logging
from datetime import datetime
from typing import Final

from django.utils import translation

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.codes import Status
from hikeshi.incidents.queries import Incident
from hikeshi.notify import setups
from hikeshi.notify.handing import Failed, Fault, Setup
from hikeshi.notify.links import address
from hikeshi.phrases.standing import heading, standing
from hikeshi.rooms import sealed
from hikeshi.rooms.actions import outcomes
from hikeshi.rooms.actions.outcomes import BY
from hikeshi.rooms.attending import allowed, attend
from hikeshi.rooms.clients import Client, client
from hikeshi.rooms.makers import OVERHEARD, SPOKEN_TO, Maker
from hikeshi.rooms.models import Errand, ErrandKind, Room
from hikeshi.rooms.results import Outcome

log: Final = logging.getLogger(__name__)


def step(now: datetime) -> bool:
    """Whether more may be due. A desk that is held (a restored backup) says nothing anywhere."""
    if not accounts.site().live:
        return False
    errand = outcomes.take(now)
    if errand is None:
        return False
    outcomes.settle(errand, _run(errand))
    return True


def _run(errand: Errand) -> Outcome:
    row = errand.workspace
    setup = Setup(row.maker, row.on, row.plain, sealed.unseal(row.sealed), setups.way_out())
    try:
        return _done(errand, client(setup))
    except Failed as failed:
        return Outcome(failed.fault)
    except Exception as error:  # noqa: BLE001  # whatever it is, the next errand must go on; its text may hold words
        log.error("an errand at %s failed: %s", row.maker, type(error).__name__)  # noqa: TRY400  # as said
        return Outcome(Fault("provider", passing=True, unsure=True))


def _done(errand: Errand, tool: Client) -> Outcome:
    """Raises Failed."""
    if errand.kind == ErrandKind.CHECK:
        tool.check()
        return Outcome()
    if errand.kind == ErrandKind.ANSWER:
        return Outcome(provider_id=tool.tell(errand.about.get("who", ""), errand.about.get("text", "")))
    room = errand.room
    found = incidents.visible(BY).select_related("owner").filter(ref=room.ref).first() if room is not None else None
    if room is None or found is None:
        return Outcome(Fault("not_there"))
    if found.restricted and Maker(errand.workspace.maker) in OVERHEARD:
        return Outcome()  # became restricted: not a word more
    if errand.kind == ErrandKind.MAKE:
        return _make(room, found, tool, Maker(errand.workspace.maker))
    if errand.kind == ErrandKind.FETCH:
        return Outcome(written=tool.read(room.place, errand.about.get("message", "")))
    if errand.kind == ErrandKind.LOOK:
        return Outcome(looked=tool.look(room.place, errand.about.get("message", "")))
    return _in_room(errand, room, found, tool)


def _make(room: Room, found: Incident, tool: Client, maker: Maker) -> Outcome:
    if found.status == Status.CLOSED:
        raise Failed(Fault("record_closed"))
    wanted = allowed(room, found)
    if not wanted and maker not in OVERHEARD:
        raise Failed(Fault("no_people"))
    made = tool.make(room.ref.lower(), wanted, _link(found) or found.ref)
    return Outcome(place=made.place, url=made.url, asked=wanted if maker in SPOKEN_TO else None)


def _in_room(errand: Errand, room: Room, found: Incident, tool: Client) -> Outcome:
    maker = Maker(errand.workspace.maker)
    if errand.kind == ErrandKind.CLOSE:
        tool.close(room.place)
        return Outcome()
    if errand.kind == ErrandKind.REOPEN:
        return Outcome(replaced=not tool.reopen(room.place))
    asked = None
    if maker in SPOKEN_TO:
        if set(room.asked) - set(allowed(room, found)):
            return Outcome(replaced=True)  # nobody is taken out there: those who stay get a room of their own
        if found.restricted:
            raise Failed(Fault("strangers"))  # who is in the room cannot be settled there
    elif maker not in OVERHEARD:
        asked = attend(room, found, tool)
    return _told(errand, room, found, tool, asked)


def _told(errand: Errand, room: Room, found: Incident, tool: Client, asked: tuple[str, ...] | None) -> Outcome:
    if errand.kind == ErrandKind.INVITE:
        return Outcome(asked=asked)
    if errand.kind == ErrandKind.TOPIC:
        topic = _topic(found)
        if topic != room.topic:
            tool.describe(room.place, topic)
        return Outcome(asked=asked, topic=topic)
    quiet = Maker(errand.workspace.maker) in OVERHEARD
    return Outcome(provider_id=tool.say(room.place, _words(found, quiet=quiet), _link(found)), asked=asked)


def _words(found: Incident, *, quiet: bool) -> str:
    """How it stands now, in the site's language: what was said late is not what was true early."""
    with translation.override(accounts.site().language):
        return standing(
            ref=found.ref,
            priority=found.priority,
            title="" if quiet or found.restricted else found.title,
            phase=found.phase,
            status=found.status,
            owner="" if quiet or found.owner is None else found.owner.name,
        )


def _topic(found: Incident) -> str:
    with translation.override(accounts.site().language):
        return heading(ref=found.ref, priority=found.priority, phase=found.phase, status=found.status)


def _link(found: Incident) -> str:
    return address(f"/incidents/{found.ref}/")
