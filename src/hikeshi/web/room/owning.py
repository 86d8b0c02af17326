"""What the room says where nobody answers for the record: why, and who comes closest."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor
from hikeshi.load import queries as load
from hikeshi.load.codes import Passed
from hikeshi.load.queries import Proposal, Wanted
from hikeshi.phrases import labels
from hikeshi.web.load.shown import candidate_words, closest_words, reason_words


@dataclass(frozen=True, slots=True)
class Owning:
    """``uuid`` and ``name`` of who could be given it by one click; ``detail``: why, or what stands against them."""

    head: str
    grave: bool
    lines: Sequence[str]
    uuid: str = ""
    name: str = ""
    detail: str = ""


def shown(by: Actor, room: incidents.Room) -> Owning | None:
    """For whoever may give the record to somebody: they see names and loads there as well."""
    found = load.wanted(by, room.incident) if room.may_work else None
    if found is None:
        return None
    return _unowned(found.proposal) if found.proposal is not None else _absent(found)


def _unowned(found: Proposal) -> Owning:
    rule = found.rule.name
    if (person := found.person) is not None:
        head = _("Nobody owns this yet. The rule “%(rule)s” would give it to %(name)s.")
        said = head % {"rule": rule, "name": person.name}
        return Owning(said, False, (), str(person.uuid), person.name, reason_words(found))
    head = _("Nobody could be given this by the rule “%(rule)s”.") % {"rule": rule}
    lines = [_("%(reason)s: %(count)s") % {"reason": reason, "count": count} for reason, count in _against(found)]
    if not found.people:
        lines = [_("The rule means nobody: its team or rota is empty.")]
    near = found.choice.closest
    if near is None:
        return Owning(head, True, lines)
    one = found.people[near[0].person]
    return Owning(head, True, lines, str(one.uuid), one.name, closest_words(found))


def _against(found: Proposal) -> list[tuple[str, int]]:
    counted = [(why, found.choice.count(why)) for why in Passed]
    return [(labels.label("load_passed", why), count) for why, count in counted if count]


def _absent(found: Wanted) -> Owning | None:
    owner, one = found.owner, found.instead
    if owner is None:
        return None
    said = {"name": owner.person.name}
    if not owner.person.is_active:
        head = _("The owner, %(name)s, has left. Nobody works on this.") % said
    else:
        head = _("The owner, %(name)s, is away. Nobody works on this.") % said
    if one is None:
        return Owning(head, True, (_("Nobody who is there can be given it."),))
    return Owning(head, True, (), str(one.person.uuid), one.person.name, candidate_words(one))
