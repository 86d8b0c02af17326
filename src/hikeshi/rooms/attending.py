"""Who is in a room, and who is not: settled before anything is said there."""

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import Incident, visibility
from hikeshi.notify.handing import Failed, Fault
from hikeshi.rooms.clients import Client
from hikeshi.rooms.models import Link, Room


def allowed(room: Room, found: Incident) -> tuple[str, ...]:
    """Accounts there of whoever owns the record or takes part in it: nobody else is asked in, whatever they may see."""
    people = visibility.members(found)
    links = Link.objects.filter(workspace=room.workspace_id, person__in=people, confirmed=True, person__is_active=True)
    return tuple(links.order_by("id").values_list("chat_id", flat=True))


def attend(room: Room, found: Incident, tool: Client) -> tuple[str, ...]:
    """Takes out whoever must not read along, then asks in who is missing; the accounts asked in. From the room of a
    restricted record everybody else is taken out; who cannot be, keeps the desk silent. Raises Failed.
    """
    wanted, there = frozenset(allowed(room, found)), tool.people(room.place)
    others = there - wanted
    leaving = others if found.restricted else others & (set(room.asked) | _barred(room, found, others))
    for who in sorted(leaving):
        tool.remove(room.place, who)
    if found.restricted and tool.people(room.place) - wanted:
        raise Failed(Fault("strangers"))
    return tuple(one for one in sorted(wanted) if one in there or _came(room, one, tool))


def _came(room: Room, who: str, tool: Client) -> bool:
    """One account that is not there any more does not keep the others from hearing."""
    try:
        tool.invite(room.place, who)
    except Failed as failed:
        if failed.fault.passing or failed.fault.code not in {"not_there", "refused"}:
            raise
        return False
    return True


def _barred(room: Room, found: Incident, others: frozenset[str]) -> frozenset[str]:
    """Of those whom people there asked in by hand: whoever the desk knows and would not show the record to."""
    links = Link.objects.filter(workspace=room.workspace_id, chat_id__in=others, confirmed=True)
    known = links.select_related("person")
    return frozenset(one.chat_id for one in known if not (one.person.is_active and _sees(one, found)))


def _sees(link: Link, found: Incident) -> bool:
    return incidents.visible(accounts.actor_of(link.person)).filter(pk=found.pk).exists()
