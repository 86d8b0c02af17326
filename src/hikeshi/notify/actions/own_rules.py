"""Which of one's own ways is taken when."""

import dataclasses
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from hikeshi.accounts import reaching
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.notify import facts, rules
from hikeshi.notify.models import OwnRules
from hikeshi.notify.permissions import Verb

MOST: Final = 24
LONGEST_WAIT: Final = 240
"""Minutes: a message that comes later than this finds the matter settled, or lost."""


@action
def set_own_rules(*, by: Actor, lines: Sequence[rules.Line], version: int | None = None) -> OwnRules:
    """One's own, and nobody else's; none: the desk chooses. Raises NotAllowed, Invalid, Conflict."""
    kind, _, ref = by.ref.partition(":")
    if kind != "person":
        raise NotAllowed(Verb.VIEW)
    mine = {one.ref for one in reaching.ways_of([by.ref]).get(by.ref, ())}
    if len(lines) > MOST:
        raise Invalid("lines", "too_many", limit=MOST)
    for line in lines:
        _check(line, mine)
    row = OwnRules.objects.select_for_update().filter(person=UUID(ref)).first() or OwnRules(person=UUID(ref), version=0)
    kept = [dataclasses.asdict(line) for line in lines]
    must_be_current(read=version, now=row.version, yours={"lines": str(kept)}, theirs={"lines": str(row.lines)})

    row.lines, row.changed_at = kept, clock.now()
    row.version += 1
    row.save()

    record(facts.OwnRulesSet(person=row.person, lines=len(kept)), subject=by.ref, by=by)
    return row


def _check(line: rules.Line, mine: set[str]) -> None:
    if line.way not in mine:
        raise Invalid("way", "unknown")
    if line.least not in {1, 2, 3}:
        raise Invalid("least", "out_of_range", low=1, high=3)
    for name, value, high in (
        ("begin", line.begin, rules.DAY),
        ("end", line.end, rules.DAY),
        ("after", line.after, LONGEST_WAIT),
        ("repeat", line.repeat, LONGEST_WAIT),
    ):
        if not 0 <= value <= high:
            raise Invalid(name, "out_of_range", low=0, high=high)
