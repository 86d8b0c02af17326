"""How the people of the company are reached, who is on call, who is called after whom, and what is promised."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from hikeshi.accounts import actions as accounts
from hikeshi.accounts import queries
from hikeshi.accounts.drafts import CallLineDraft, PartyDraft, ResponsibilityDraft
from hikeshi.accounts.ways import Kind
from hikeshi.cli.demonstration.company import DESK, Company, Table, read
from hikeshi.cli.demonstration.stories import span
from hikeshi.incidents import queries as incidents
from hikeshi.kernel import clock
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.escalation import TargetKind
from hikeshi.oncall.terms import LayerTerms
from hikeshi.oncall.turns import Unit
from hikeshi.service_levels import actions as service_levels
from hikeshi.service_levels.book import shipped

ZONE: Final = "Asia/Tokyo"
DUTY: Final = "duty.yaml"


def promise() -> None:
    """Before anything is opened: every sample target is in force, so that all that happens is measured."""
    for target in shipped().targets:
        service_levels.switch_target(by=DESK, code=target.code, on=True)


def measure() -> None:
    """Works out the clocks of everything that happened; in a running desk reactions do that one by one."""
    for uuid in incidents.visible(DESK).order_by("pk").values_list("uuid", flat=True):
        service_levels.reckon_clocks(by=DESK, incident=uuid)


def arrange(company: Company, now: datetime) -> Mapping[str, UUID]:
    """Today's duty: what is ahead counts from now. The rotas, by name."""
    told = read(DUTY)
    _reach(company, told)
    parties = {str(one["name"]): _party(company, one) for one in told["parties"]}
    for name, uuid in parties.items():
        rows = [one for one in told["shared"] if one["party"] == name]
        lines = [ResponsibilityDraft(str(one["service"]), str(one["task"]), str(one["who"])) for one in rows]
        if lines:
            accounts.set_responsibilities(by=DESK, party=uuid, lines=lines)
    _call_sheet(company, parties)
    rotas = {str(one["name"]): _rota(company, one, now) for one in told["rotas"]}
    _exceptions(company, told, rotas, now)
    for one in told["policies"]:
        oncall.add_policy(by=DESK, written=_policy(company, one, rotas))
    return rotas


def _reach(company: Company, told: Mapping[str, list[dict[str, object]]]) -> None:
    for one in told["ways"]:
        _way(f"person:{company.people[str(one['who'])]}", one, str(one["kind"]), str(one["address"]))
    deputies = cast("Mapping[str, str]", told["deputies"])
    for who, deputy in deputies.items():
        accounts.set_card(by=DESK, person=company.people[who], deputy=company.people[deputy])


def _way(owner: str, told: Table, kind: str, address: str) -> None:
    """Somebody's mail address is a way of theirs from the beginning."""
    known = {(one.kind, one.address): one.ref for one in queries.ways_of([owner]).get(owner, ())}
    way = known.get((Kind(kind), address))
    if way is None:
        row = accounts.add_way(by=DESK, owner=owner, kind=kind, address=address, label=str(told.get("label", "")))
        way = str(row.uuid)
    if "doubted" in told:
        accounts.doubt_way(by=DESK, way=way, why=str(told["doubted"]))
    elif "proven" in told:
        accounts.prove_way(by=DESK, way=way, how="answered")


def _party(company: Company, told: Table) -> UUID:
    ends = told.get("until")
    draft = PartyDraft(
        name=str(told["name"]),
        kind=str(told["kind"]),
        duty=str(told.get("duty", "")),
        contract=str(told.get("contract", "")),
        contract_until=(clock.now() + timedelta(days=int(str(ends)))).date() if ends else None,
        keeper=company.people[str(told["keeper"])],
    )
    made = accounts.add_party(by=DESK, draft=draft)
    for kind in ("phone", "mail"):
        if kind in told:
            _way(made.ref, {**told, "label": ""}, kind, str(told[kind]))
    return made.uuid


def _call_sheet(company: Company, parties: Mapping[str, UUID]) -> None:
    people = [f"person:{company.people[who]}" for who in ("sato", "takahashi", "ito", "tanaka")]
    lines = [CallLineDraft(owner=owner) for owner in (*people, *(f"party:{uuid}" for uuid in parties.values()))]
    accounts.set_call_sheet(by=DESK, organisation=queries.root().uuid, lines=lines)


def _rota(company: Company, told: Table, now: datetime) -> UUID:
    """Its turns began a few weeks ago, on a Monday at nine."""
    local = now.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
    monday = (local - timedelta(days=local.weekday() + 28)).replace(hour=9, minute=0, second=0, microsecond=0)
    week = tuple(map(str, cast("list[object]", told.get("week", []))))
    layer = LayerTerms(ZONE, monday, _people(company, told), unit=Unit(str(told["unit"])), week=week)
    made = oncall.add_rota(
        by=DESK, organisation=queries.root().uuid, name=str(told["name"]), time_zone=ZONE, layers=[layer]
    )
    return made.uuid


def _people(company: Company, told: Table) -> tuple[UUID, ...]:
    return tuple(company.people[str(who)] for who in cast("list[object]", told["people"]))


def _exceptions(
    company: Company, told: Mapping[str, list[dict[str, object]]], rotas: Mapping[str, UUID], now: datetime
) -> None:
    """Covers and absences ahead."""
    for one in told["covers"]:
        time = {"begins_at": now + span(str(one["from"])), "ends_at": now + span(str(one["until"]))}
        who = company.people[str(one["who"])]
        oncall.add_cover(by=DESK, rota=rotas[str(one["rota"])], person=who, reason=str(one["reason"]), **time)
    for one in told["absences"]:
        by = company.actor(str(one["who"]))
        begins, ends = now + span(str(one["from"])), now + span(str(one["until"]))
        instead = company.people[str(one["instead"])] if "instead" in one else None
        oncall.add_absence(by=by, substitute=instead, begins_at=begins, ends_at=ends)


def _policy(company: Company, told: Table, rotas: Mapping[str, UUID]) -> oncall.PolicyDraft:
    steps = cast("list[Table]", told["steps"])
    return oncall.PolicyDraft(
        name=str(told["name"]),
        steps=tuple(_step(company, one, rotas) for one in steps),
        priorities=tuple(cast("list[int]", told["priorities"])),
        repeats=int(str(told.get("repeats", 0))),
        why_ja=str(told["ja"]),
        why_en=str(told["en"]),
    )


def _step(company: Company, told: Table, rotas: Mapping[str, UUID]) -> StepDraft:
    kind, value = TargetKind(str(told["kind"])), str(told.get("value", ""))
    match kind:
        case TargetKind.PERSON:
            value = f"person:{company.people[value]}"
        case TargetKind.ROTA:
            value = str(rotas[value])
        case TargetKind.TEAM:
            value = str(next(team.uuid for team in queries.teams(DESK) if team.name == value))
    after, hours = int(str(told["after"])), str(told.get("hours", ""))
    return StepDraft(after=after, kind=kind, value=value, hours=hours, anyway=bool(told.get("anyway")))
