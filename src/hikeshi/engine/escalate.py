"""Takes what is due of calls for help: the most severe first, of these the newest, so that after an outage nobody is
woken for what is old before what burns now.
"""

from datetime import datetime
from typing import Final

from hikeshi.accounts import queries as accounts
from hikeshi.kernel.acting import system
from hikeshi.oncall import actions
from hikeshi.oncall.queries import runs
from hikeshi.oncall.queries.targets import Book

STEP: Final = 500
TOGETHER: Final = 50
"""So many share one transaction: a commit each would take longer, all in one would keep everybody else waiting."""
BY: Final = system("escalate")


def step(now: datetime) -> bool:
    """Whether more may be due at once. A desk that is held calls nobody, and goes on where it stood once released."""
    found = runs.due(now, STEP)
    if not found or not accounts.site().live:
        return False
    book = Book(now)
    for first in range(0, len(found), TOGETHER):
        actions.take_due(by=BY, dues=found[first : first + TOGETHER], book=book)
    return len(found) == STEP
