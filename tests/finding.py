"""The index, brought up to date as the engine does."""

from hikeshi.finding import actions, queries
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor


def read_in() -> None:
    """Until nothing is left to do."""
    while actions.follow(clock.now()):
        pass
    actions.follow(clock.now())


def titles(by: Actor, q: str, **more: object) -> list[str]:
    """What is found, in order."""
    return [hit.shown.title for hit in queries.find(by, q, **more).page.items]
