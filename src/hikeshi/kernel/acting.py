"""Who acts. Every verb takes ``by: Actor``; nothing is done by nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hikeshi.kernel.refusals import NotAllowed

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, a machine with a token, or one of the desk's own loops.

    ``ref`` is ``person:<uuid>``, ``machine:<source>`` or ``system:<loop>``. ``grants`` maps a verb to the ids of the
    organisations it is held for, subtrees already expanded.
    """

    ref: str
    name: str
    grants: Mapping[str, frozenset[int]] = field(default_factory=dict)
    person_id: int | None = None
    language: str = "ja"
    unlimited: bool = False

    def may(self, verb: str, organisation_id: int | None = None) -> bool:
        """Whether the verb is held for this organisation; without one, for any."""
        if self.unlimited:
            return True
        held = self.grants.get(verb, NOBODY)
        return bool(held) if organisation_id is None else organisation_id in held

    def must(self, verb: str, organisation_id: int | None = None) -> None:
        """Raises NotAllowed."""
        if not self.may(verb, organisation_id):
            raise NotAllowed(verb)

    def organisations(self, verb: str) -> frozenset[int]:
        """Ids of the organisations the verb is held for. An unlimited actor asks nothing of this set: check first."""
        return self.grants.get(verb, NOBODY)


def system(name: str) -> Actor:
    """One of the desk's own loops; it may do everything and its name stands in the ledger."""
    return Actor(ref=f"system:{name}", name=name, unlimited=True)
