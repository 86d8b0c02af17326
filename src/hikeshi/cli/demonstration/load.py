"""What the people of the company can and carry, and the rules that give them what is new."""

from collections.abc import Mapping
from itertools import cycle
from typing import Final, cast
from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.cli.demonstration.company import DESK, Company, Table, read
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries
from hikeshi.load import actions
from hikeshi.load.codes import Shift

HOUR: Final = 60


def arrange(company: Company, rotas: Mapping[str, UUID]) -> None:
    """The rules propose; they act by themselves once somebody switches them on."""
    told = cast("Mapping[str, object]", read("load.yaml"))
    skills = actions.set_skills(by=DESK, skills=[str(one) for one in _list(told["skills"])])
    codes = {one.name: one.code for one in skills}
    actions.set_limits(by=DESK, **cast("dict[str, int]", told["limits"]))
    for one in cast("list[Table]", told["people"]):
        weekly = int(str(one["hours"])) * HOUR if "hours" in one else None
        known = [codes[str(name)] for name in _list(one["skills"])]
        actions.set_profile(by=DESK, person=company.people[str(one["who"])], weekly=weekly, skills=known)
    for rule in cast("list[Table]", told["rules"]):
        actions.add_rule(by=DESK, draft=_draft(rule, codes, rotas))
    _estimate([int(str(one)) for one in _list(told["estimates"])])


def _draft(told: Table, codes: Mapping[str, str], rotas: Mapping[str, UUID]) -> actions.RuleDraft:
    teams = {one.name: str(one.uuid) for one in accounts.teams(DESK)}
    return actions.RuleDraft(
        name=str(told["name"]),
        team=teams[str(told["team"])] if "team" in told else "",
        rota=str(rotas[str(told["rota"])]) if "rota" in told else "",
        to_priority=int(str(told.get("to_priority", 5))),
        kinds=tuple(str(one) for one in _list(told.get("kinds"))),
        skills=tuple(codes[str(one)] for one in _list(told.get("skills"))),
        shift=Shift(str(told["shift"])),
    )


def _estimate(minutes: list[int]) -> None:
    """All but every fifth: some work is never estimated."""
    open_now = (
        queries.visible(DESK).filter(standing=0, owner__isnull=False).order_by("pk").values_list("ref", flat=True)
    )
    for (place, ref), length in zip(enumerate(open_now), cycle(minutes), strict=False):
        if place % 5:
            incidents.estimate(by=DESK, ref=ref, minutes=length)


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
