"""The demonstration's past. The clock is moved, so that the record reads as if it had been lived in: its entries stand
in the order of time.
"""

from datetime import timedelta

from hikeshi.accounts.demonstration import PASSWORD
from hikeshi.cli import prepare
from hikeshi.cli.demonstration import company, duty, load, portal, quiet, stories
from hikeshi.config import environment
from hikeshi.kernel import clock
from hikeshi.kernel.worlds import World


def fill() -> None:
    now = clock.now()
    clock.freeze(stories.earliest(now))
    prepare.bring_up(World.DEMO, organisation=company.name(), password=PASSWORD)
    clock.fast_forward(timedelta(hours=1))
    there = company.found(environment.text("HIKESHI_ADMIN_PASSWORD", PASSWORD))
    duty.promise()
    stories.tell(there, now)
    clock.freeze(now)
    duty.measure()
    load.arrange(there, duty.arrange(there, now))
    portal.arrange(there, now)
    quiet.arrange(there, now)
    clock.release()
