"""How much the columns of a board should hold."""

from collections.abc import Mapping
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import names
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.versions import must_be_current
from hikeshi.ledger.acts import action, record
from hikeshi.lists import facts
from hikeshi.lists.models import ColumnLimits
from hikeshi.lists.permissions import Verb

SUBJECT: Final = "board:phase"
TOPICS: Final = ("incidents",)
HIGHEST: Final = 999


@action
def limit_columns(*, by: Actor, limits: Mapping[str, int], version: int | None = None) -> ColumnLimits:
    """At most so many records in a phase; those not named have no limit. Nothing is refused because of it: it is shown.
    Raises NotAllowed, Invalid, Conflict.
    """
    by.must(Verb.SHARE, accounts.root().pk)
    said = _checked(limits)
    row = ColumnLimits.objects.select_for_update().filter(pk=1).first() or ColumnLimits(pk=1)
    must_be_current(read=version, now=row.version, yours=_texts(said), theirs=_texts(row.limits))
    if row.version and row.limits == said:
        return row

    row.limits = said
    row.version += 1
    row.save()
    told = tuple(facts.ColumnLimit(phase, most) for phase, most in sorted(said.items()))
    record(facts.ColumnsLimited(limits=told, count=len(told)), subject=SUBJECT, by=by, topics=TOPICS)
    return row


def _checked(limits: Mapping[str, int]) -> dict[str, int]:
    known = names.in_use().courses.phases
    for phase, most in limits.items():
        if phase not in known:
            raise Invalid("limits", "not_a_choice", choices=", ".join(known))
        if not 1 <= most <= HIGHEST:
            raise Invalid(phase, "out_of_range", low=1, high=HIGHEST)
    return dict(limits)


def _texts(limits: Mapping[str, int]) -> dict[str, str]:
    known = names.in_use().courses.phases
    return {phase: str(limits.get(phase, "")) for phase in known}
