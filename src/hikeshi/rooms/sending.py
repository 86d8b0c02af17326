"""The loop that runs errands at chat tools: one at a time, the call itself between two transactions."""

import logging
from datetime import datetime
from typing import Final

from django.utils import translation

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident, visibility
from hikeshi.notify import setups
from hikeshi.notify.handing import Failed, Fault, Setup
from hikeshi.notify.links import address
from hikeshi.phrases.standing import standing
from hikeshi.rooms import sealed
from hikeshi.rooms.actions import outcomes
from hikeshi.rooms.actions.outcomes import BY, Outcome
from hikeshi.rooms.clients import Client, client, permitted
from hikeshi.rooms.makers import OVERHEARD, SPOKEN_TO, Maker
from hikeshi.rooms.models import Errand, ErrandKind, Link, Room

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
    setup = Setup(row.maker, row.on, row.plain, sealed.unseal(row.sealed), permitted(setups.bounds().hosts))
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
    return _in_room(errand, room, found, tool)


def _in_room(errand: Errand, room: Room, found: Incident, tool: Client) -> Outcome:
    maker, wanted = Maker(errand.workspace.maker), allowed(room, found)
    if found.restricted and maker in OVERHEARD:
        return Outcome()  # became restricted: not a word more
    if errand.kind == ErrandKind.MAKE:
        if not wanted and maker not in OVERHEARD:
            raise Failed(Fault("no_people"))
        made = tool.make(room.ref.lower(), wanted)
        return Outcome(place=made.place, url=made.url)
    if errand.kind == ErrandKind.CLOSE:
        tool.close(room.place)
        return Outcome()
    if maker not in OVERHEARD | SPOKEN_TO:
        _people(room, found, frozenset(wanted), tool)
    elif found.restricted:
        raise Failed(Fault("strangers"))  # who is in the room cannot be settled there
    if errand.kind == ErrandKind.INVITE:
        return Outcome()
    return Outcome(provider_id=tool.say(room.place, _words(found, quiet=maker in OVERHEARD), _link(found)))


def allowed(room: Room, found: Incident) -> tuple[str, ...]:
    """Accounts there of whoever owns the record or takes part in it: nobody else is asked in, whatever they may see."""
    people = visibility.members(found)
    links = Link.objects.filter(workspace=room.workspace_id, person__in=people, confirmed=True, person__is_active=True)
    return tuple(links.order_by("id").values_list("chat_id", flat=True))


def _people(room: Room, found: Incident, wanted: frozenset[str], tool: Client) -> None:
    """Asks in who is missing. From the room of a restricted record everybody else is taken out first; who cannot be,
    keeps the desk silent. Raises Failed.
    """
    there = tool.people(room.place)
    for who in sorted(there - wanted) if found.restricted else ():
        tool.remove(room.place, who)
    if found.restricted and tool.people(room.place) - wanted:
        raise Failed(Fault("strangers"))
    for who in sorted(wanted - there):
        tool.invite(room.place, who)


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


def _link(found: Incident) -> str:
    return address(f"/incidents/{found.ref}/")
