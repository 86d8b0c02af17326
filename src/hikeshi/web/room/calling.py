"""The call for help as the room shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from hikeshi.oncall.queries.runs import Call, RunView, Sent
from hikeshi.web.escalation import naming


@dataclass(frozen=True, slots=True)
class Line:
    """``target``: who was meant, where that was nobody."""

    call: Call
    name: str
    instead_of: str
    target: str
    sent: Sequence[Sent]


@dataclass(frozen=True, slots=True)
class Calling:
    """``next``: whom the next step calls."""

    view: RunView
    name: str
    next: str
    why: str
    lines: Sequence[Line]


def shown(view: RunView | None) -> Calling | None:
    if view is None:
        return None
    wanted = [one.target for one in view.calls] + ([view.next.step.target] if view.next else [])
    words = naming.Words(wanted)
    language = "en" if get_language() == "en" else "ja"
    lines = [Line(one.call, one.name, one.instead_of, words.target(one.target), one.sent) for one in view.calls]
    following = words.target(view.next.step.target) if view.next else ""
    return Calling(view, view.names.get(language, view.name), following, view.why.get(language, ""), lines)
