"""What calls for help do when the way out announces something."""

from hikeshi.accounts.facts import CalendarRemoved
from hikeshi.kernel.acting import system
from hikeshi.ledger.reactions import EntryView, when
from hikeshi.notify.facts import MessageFailed
from hikeshi.notify.messages import Purpose
from hikeshi.oncall import actions

BY = system("escalate")
CALENDARS = system("calendars")


@when(MessageFailed)
def take_failed_message(fact: MessageFailed, entry: EntryView) -> None:
    if fact.purpose in {Purpose.PAGE, Purpose.CANARY}:
        actions.take_failure(by=BY, message=fact.message)


@when(CalendarRemoved)
def end_what_was_read_for_it(fact: CalendarRemoved, entry: EntryView) -> None:
    actions.end_with_calendar(by=CALENDARS, calendar=fact.calendar)
