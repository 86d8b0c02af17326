"""How much people carry, what they can, and handing records over."""

from uuid import UUID

from ninja import Router

from hikeshi.api.callers import Request
from hikeshi.api.incidents.saving import owner_named
from hikeshi.api.load import schemas
from hikeshi.api.shapes import whole
from hikeshi.kernel.acting import Actor
from hikeshi.load import actions, queries
from hikeshi.load.queries import Figures

router = Router(tags=["load"], by_alias=True)
MINUTE = 60


def _load(one: Figures, skills: dict[str, str]) -> schemas.Load:
    return schemas.Load(
        person=schemas.Who.model_validate(one.person),
        open=one.open,
        hidden=one.hidden,
        by_priority=list(one.seen.by_priority),
        overdue=one.seen.overdue,
        waiting=one.seen.waiting,
        tasks=one.tasks,
        remaining=one.remaining,
        unestimated=one.unestimated,
        capacity=one.capacity,
        percent=one.percent,
        duty_minutes=int(one.duty.total_seconds() // MINUTE),
        night_calls=one.nights,
        shift_until=one.shift_until,
        away_until=one.away,
        oldest=one.seen.oldest,
        skills=[skills[code] for code in one.skills],
        marks=list(one.marks),
    )


@router.get("/load", response=schemas.Loads, summary="Everybody's load, what needs a look first")
def show_load(request: Request, team: UUID | None = None) -> schemas.Loads:
    found = queries.board(request.auth, team)
    names = queries.settings(request.auth).book.names
    items = [_load(one, names) for one in found.lines]
    unowned = schemas.Unowned.model_validate(found.unowned)
    return schemas.Loads(items=items, next=None, total=len(items), total_exact=not found.cut, unowned=unowned)


@router.get("/load/people/{person}", response=schemas.Load, summary="One person's load")
def show_load_of(request: Request, person: UUID) -> schemas.Load:
    one, _rows = queries.person_board(request.auth, person)
    return _load(one, queries.settings(request.auth).book.names)


@router.get("/load/people/{person}/profile", response=schemas.Profile, summary="What somebody can, and their hours")
def show_profile(request: Request, person: UUID) -> schemas.Profile:
    return _profile(person, queries.profile(request.auth, person)[1])


def _profile(person: UUID, row: object) -> schemas.Profile:
    found = {name: getattr(row, name) for name in ("weekly", "skills", "version")}
    return schemas.Profile(person=person, **found)


@router.put("/load/people/{person}/profile", response=schemas.Profile, summary="Set skills and hours of work")
def set_profile(request: Request, person: UUID, change: schemas.ProfileChange) -> schemas.Profile:
    row = actions.set_profile(
        by=request.auth, person=person, weekly=change.weekly, skills=change.skills, version=change.version
    )
    return _profile(person, row)


@router.post("/load/hand_overs", response=schemas.HandedOver, summary="Give several records to somebody: all or none")
def hand_over(request: Request, wanted: schemas.HandOver) -> schemas.HandedOver:
    owner = owner_named(request, wanted.owner)
    moved = actions.hand_over(by=request.auth, refs=wanted.refs, owner=owner, note=wanted.note)
    return schemas.HandedOver(refs=[one.ref for one in moved])


@router.get("/load/limits", response=schemas.LoadLimits, summary="When a queue is too much")
def show_limits(request: Request) -> schemas.LoadLimits:
    found = queries.settings(request.auth).book.limits
    return schemas.LoadLimits(most_open=found.most_open, percent=found.percent, idle_hours=found.idle_hours)


@router.put("/load/limits", response=schemas.LoadLimits, summary="Set when a queue is too much; null: never for that")
def set_limits(request: Request, limits: schemas.LoadLimits) -> schemas.LoadLimits:
    actions.set_limits(by=request.auth, **limits.model_dump())
    return limits


@router.get("/load/skills", response=schemas.Skills, summary="What people here can")
def list_skills(request: Request) -> schemas.Skills:
    return _skills(request.auth)


@router.put("/load/skills", response=schemas.Skills, summary="Name the skills, in order")
def set_skills(request: Request, wanted: schemas.SkillNames) -> schemas.Skills:
    actions.set_skills(by=request.auth, skills=wanted.names)
    return _skills(request.auth)


def _skills(by: Actor) -> schemas.Skills:
    return whole(schemas.Skills, queries.settings(by).book.skills)
