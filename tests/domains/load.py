"""Load for tests: skills, teams, rules and shifts through the product's own verbs."""

from collections.abc import Sequence

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Person, Team
from hikeshi.ledger import reactions
from hikeshi.load import actions
from hikeshi.load.book import Rule
from hikeshi.load.queries import in_force
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.models import Rota
from tests import world
from tests.domains.clocks import heard as heard  # handed on
from tests.domains.oncall import weekly


def team(*people: Person, name: str = "CSIRT", lead: Person | None = None) -> Team:
    made = [one.uuid for one in people]
    return accounts.add_team(
        by=world.admin(), organisation=world.site().uuid, name=name, people=made, lead=lead.uuid if lead else None
    )


def on_shift(*people: Person, name: str = "Day") -> Rota:
    """The first of them is on call from now on; the clock must not stand before the rota begins."""
    return oncall.add_rota(
        by=world.admin(), organisation=world.site().uuid, name=name, time_zone="Asia/Tokyo", layers=[weekly(*people)]
    )


def skills(*names: str) -> dict[str, str]:
    """Codes by name."""
    return {one.name: one.code for one in actions.set_skills(by=world.admin(), skills=names)}


def can(person: Person, *names: str, weekly: int | None = None) -> None:
    known = {one.name: one.code for one in in_force().book.skills}
    actions.set_profile(by=world.admin(), person=person.uuid, weekly=weekly, skills=[known[one] for one in names])


def rule(name: str = "Rule", *, asks: Sequence[str] = (), automatic: bool = True, **more: object) -> Rule:
    """In force, and acting by itself."""
    known = {one.name: one.code for one in in_force().book.skills}
    draft = actions.RuleDraft(name=name, skills=tuple(known[one] for one in asks), **more)  # type: ignore[arg-type]  # as the test says it
    made = actions.add_rule(by=world.admin(), draft=draft)
    reactions.begin()
    actions.switch_automatic(by=world.admin(), on=automatic)
    return made
