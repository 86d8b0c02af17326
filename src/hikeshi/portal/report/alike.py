"""What somebody may find instead of sending a report, while they still write it: an outage that is known, an answer, a
report of their own. Nothing of what they type is kept, and no record is looked at but their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from hikeshi.accounts.refusals import Wait
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.queries import OwnLine
from hikeshi.incidents.reporting import Knock, Place
from hikeshi.kernel.acting import Actor
from hikeshi.knowledge import queries as knowledge
from hikeshi.knowledge.likeness import Words
from hikeshi.knowledge.queries import Read
from hikeshi.notices.queries import Known
from hikeshi.portal import doors
from hikeshi.portal.rendering import language, outages

SHORTEST = 4
LONGEST = 500
OWN = 20
SHOWN = 3
OVER = frozenset({Place.CLOSED, Place.ANSWERED})


@dataclass(frozen=True, slots=True)
class Alike:
    outages: Sequence[Known] = ()
    answers: Sequence[Read] = ()
    own: Sequence[OwnLine] = ()

    @property
    def any(self) -> bool:
        return bool(self.outages or self.answers or self.own)


def found(request: HttpRequest) -> Alike:
    """Nothing where too little was typed, or too fast: typing goes on all the same."""
    text = request.POST.get("what", "").strip()[:LONGEST]
    if len(text) < SHORTEST:
        return Alike()
    try:
        return doors.paced(request, Knock.LOOK, lambda: _found(request, text))
    except Wait:
        return Alike()


def _found(request: HttpRequest, text: str) -> Alike:
    by: Actor | None = getattr(request, "actor", None)
    going = [one for one in outages(request) if one.ended_at is None]
    told = [(f"{one.title} {one.services}", one.news[0].text if one.news else "") for one in going]
    mine = [one for one in incidents.own_reports(by)[:OWN] if one.place not in OVER] if by is not None else []
    return Alike(
        outages=[going[place] for place in _near(text, told)],
        answers=knowledge.nearest(by, text, language()),
        own=[mine[place] for place in _near(text, [(one.words, "") for one in mine])],
    )


def _near(text: str, of: Sequence[tuple[str, str]]) -> list[int]:
    read = [Words(knowledge.words_of(head), knowledge.words_of(body)) for head, body in of]
    return knowledge.alike(text, read)[:SHOWN] if read else []
