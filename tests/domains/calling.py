"""Policies, people who can be reached, and calls for help, for the tests."""

from datetime import timedelta
from uuid import UUID

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Person
from hikeshi.engine import escalate
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.worlds import World
from hikeshi.ledger import reactions
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Outgoing
from hikeshi.oncall import actions
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.escalation import Circumstances, TargetKind
from hikeshi.oncall.models import Rota
from hikeshi.oncall.models.policies import Policy
from hikeshi.oncall.models.runs import Run
from hikeshi.oncall.queries import policies
from tests import world

DESK = system("test")
SUBJECT = "thing:0190a6a0-0000-7000-8000-000000000001"


def reachable(username: str, *roles: str) -> Person:
    """Somebody with a mail address that leads to them."""
    listens()
    person = world.person(username, *roles)
    accounts.add_way(by=DESK, owner=ref(person), kind="mail", address=f"{username}@example.jp")
    return person


def ref(person: Person) -> str:
    return f"person:{person.uuid}"


def step(person: Person | None = None, after: int = 0, **more: object) -> StepDraft:
    said = {"kind": TargetKind.PERSON, "value": ref(person)} if person is not None else {}
    return StepDraft(after=after, **{**said, **more})


def policy(*steps: StepDraft, name: str = "Night", **more: object) -> Policy:
    written = {"repeats": 0, "patience": 10, **more}
    world.site()
    return actions.add_policy(by=DESK, written=actions.PolicyDraft(name=name, steps=steps, **written))


def case(priority: int = 1, kind: str = "ransomware") -> Circumstances:
    return Circumstances(priority, kind, str(world.site().uuid), ref="INC-1")


def begun(priority: int = 1, subject: str = SUBJECT) -> Run:
    run = actions.begin(by=DESK, subject=subject, world=World.REAL, circumstances=case(priority))
    assert run is not None
    return run


def fresh(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def works(minutes: float = 0) -> None:
    """So much time passes, and the engine takes what is due."""
    world.clock.fast_forward(timedelta(minutes=minutes))
    while escalate.step(clock.now()):
        continue


def listens() -> None:
    """From now on what happens is heard by those above it, as in a running engine."""
    reactions.begin()


def reacts() -> None:
    """What a reaction says is heard in the round after it."""
    for _ in range(3):
        reactions.step(clock.now())


def called(open_only: bool = False) -> list[str]:
    """User names of whoever was called, in order, whatever else they were told; ``open_only``: not yet withdrawn."""
    rows = Outgoing.objects.filter(purpose=Purpose.PAGE).order_by("id")
    rows = rows.exclude(course="withdrawn") if open_only else rows
    names = {ref(person): person.username for person in Person.objects.all()}
    return [names.get(row.to, row.to) for row in rows]


def empty_rota() -> UUID:
    """A rota with nobody in it."""
    return Rota.objects.create(name="Empty", organisation=world.site(), time_zone="Asia/Tokyo").uuid


def stands_in(deputy: Person, person: Person) -> None:
    accounts.set_card(by=DESK, person=person.uuid, deputy=deputy.uuid)


def chosen() -> policies.Chosen:
    return policies.choose(case(), clock.now())
