"""What a new desk still lacks, for whoever sets it up; nothing once it has people, a detector and assets."""

from collections.abc import Sequence
from dataclasses import dataclass

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.permissions import Verb as Accounts
from hikeshi.assets import queries as assets
from hikeshi.assets.permissions import Verb as Assets
from hikeshi.intake import queries as intake
from hikeshi.intake.permissions import Verb as Intake
from hikeshi.kernel.acting import Actor


@dataclass(frozen=True, slots=True)
class Lacking:
    """One step: a word of ``home_opening``, the name of its page, whether it is done."""

    word: str
    page: str
    done: bool


def opening(by: Actor, *, rota: bool) -> Sequence[Lacking]:
    """The steps in their order, done ones too. ``rota``: whether there is one; a desk may do without."""
    if not all(by.may(verb) for verb in (Accounts.MANAGE, Intake.MANAGE, Assets.MANAGE)):
        return ()
    steps = (
        Lacking("people", "settings:people", len(accounts.people(by, active=True)[:2]) > 1),
        Lacking("detector", "settings:sources", intake.visible(by).exists()),
        Lacking("assets", "web:assets", assets.visible(by).exists()),
    )
    if all(step.done for step in steps):
        return ()
    return (*steps, Lacking("rota", "web:oncall", rota))
