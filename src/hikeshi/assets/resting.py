"""Assets somebody owns, and how a successor takes them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from hikeshi.accounts import resting
from hikeshi.accounts.models import Person
from hikeshi.accounts.resting import Rest
from hikeshi.assets.actions.keeping import edit_asset
from hikeshi.assets.queries.lists import given
from hikeshi.assets.queries.visibility import visible
from hikeshi.kernel.acting import Actor


def look(by: Actor, people: Sequence[Person]) -> resting.Found:
    """One query."""
    found: dict[int, list[Rest]] = defaultdict(list)
    rows = visible(by).filter(owner__in=people, retired_at=None).order_by("-criticality", "called")
    for uuid, name, owner in rows.values_list("uuid", "name", "owner"):
        found[owner].append(Rest("asset", f"asset:{uuid}", name))
    return found


def hand_over(by: Actor, person: Person, to: Person) -> None:
    """Raises NotAllowed, Invalid."""
    for row in visible(by).filter(owner=person, retired_at=None):
        said = replace(given(row), owner=to.uuid)
        edit_asset(by=by, asset=row.uuid, particulars=said, only={"owner"})


resting.register("assets", look, hand_over)
