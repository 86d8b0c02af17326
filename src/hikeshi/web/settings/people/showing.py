"""How an import of people is put into words before it is carried out."""

from collections.abc import Sequence
from dataclasses import dataclass

from hikeshi.accounts.planning import Draft
from hikeshi.documents import tables
from hikeshi.phrases import labels, refusals

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Line:
    line: int
    name: str
    said: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of one fate; ``more`` are not shown."""

    fate: str
    word: str
    count: int
    lines: Sequence[Line]

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def groups(plan: tables.Plan[Draft]) -> list[Group]:
    """What is wrong first; of what stays the same the number is enough."""
    found = []
    for fate in (tables.Fate.WRONG, tables.Fate.NEW, tables.Fate.CHANGED, tables.Fate.SAME):
        lines = plan.of(fate)
        shown = [_line(one) for one in lines[: SHOWN if fate is not tables.Fate.SAME else 0]]
        found.append(Group(fate.value, labels.label("fate", fate), len(lines), shown))
    return found


def _line(one: tables.Planned[Draft]) -> Line:
    problems = [(_field(problem.field), refusals.reason(problem.reason, problem.params)) for problem in one.problems]
    return Line(one.line, one.name, problems or _becomes(one))


def _becomes(one: tables.Planned[Draft]) -> list[tuple[str, str]]:
    """What each changed field will be; of somebody new, where they belong and what they may be."""
    draft = one.value
    if draft is None:
        return []
    words = {
        "name": draft.name,
        "email": draft.email,
        "organisation": draft.organisation.name,
        "roles": ", ".join(role.name or labels.label("account_role", role.code) for role in draft.roles),
    }
    wanted = one.changed or ("organisation", *(["roles"] if draft.roles else []))
    return [(_field(name), words[name]) for name in wanted]


def _field(name: str) -> str:
    return labels.label("person_field", name) if name else ""


def aside(fit: tables.Fit) -> list[str]:
    """Columns that are left aside, each in a sentence."""
    said = []
    for one in fit.unknown:
        params = {"heading": one.heading[:80]}
        if one.meant is not None:
            params["meant"] = labels.label("person_field", one.meant.code)
        said.append(refusals.reason("unknown_heading_near" if one.meant else "unknown_heading", params))
    return said
