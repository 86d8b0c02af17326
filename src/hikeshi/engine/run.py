"""Starts the loops, keeps their beat, stops them between two steps."""

import contextlib
import logging
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.db import Error, connections

from hikeshi.accounts import actions as accounts
from hikeshi.assets import actions as assets
from hikeshi.engine import escalate
from hikeshi.engine.canary import Canaries
from hikeshi.engine.digest import Digest
from hikeshi.engine.listening import Listening
from hikeshi.engine.loops import Loop, every
from hikeshi.engine.outdated import Outdated
from hikeshi.engine.react import Reacting
from hikeshi.figures import actions as figures
from hikeshi.finding import actions as finding
from hikeshi.incidents import actions as incidents
from hikeshi.intake import actions as intake
from hikeshi.intake import digesting
from hikeshi.intake.inbox import beats, leases, owners, place
from hikeshi.intake.inbox.appending import DIGEST
from hikeshi.intake.queries import calming, inhibiting
from hikeshi.intake.queries.silencing import any_silence_over
from hikeshi.intake.subscribing import confirm_next
from hikeshi.kernel import learning, memory
from hikeshi.kernel.acting import system
from hikeshi.ledger import answers, reactions
from hikeshi.lists import actions as lists
from hikeshi.load import actions as load
from hikeshi.load.queries import absent_owners, any_unplaced
from hikeshi.mailboxes import actions as mailboxes
from hikeshi.mailboxes.following import Mailboxes
from hikeshi.mailboxes.queries import any_answer_due, any_letter_due
from hikeshi.mailboxes.receiving import Receiver
from hikeshi.notify import actions as notify
from hikeshi.notify.actions import queueing
from hikeshi.notify.actions.queueing import SEND
from hikeshi.notify.replies.following import Replies
from hikeshi.notify.sending import Sender
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.actions.calling import ESCALATE
from hikeshi.oncall.queries import duty
from hikeshi.retention import actions as retention
from hikeshi.rooms import actions as rooms
from hikeshi.rooms import sending as chat
from hikeshi.service_levels import actions as service_levels

SETTLE: Final = 1.0
"""Seconds a loop is given to end its step. A step may be cut off anywhere: it is made of transactions."""
PURGE_EVERY: Final = 60.0
IMPORT_EVERY: Final = 1.0
FIGURES_EVERY: Final = 5.0
CHECK_EVERY: Final = 30.0
FILES_EVERY: Final = 10.0
SWEEP_EVERY: Final = 3600.0
REMIND_EVERY: Final = 3600.0
SWAPS_EVERY: Final = 30.0
CALENDARS_EVERY: Final = 15.0
RETAIN_EVERY: Final = 30.0
STUCK_EVERY: Final = 300.0
LOAD_EVERY: Final = 30.0
LISTEN_EVERY: Final = 300.0
LEARN_EVERY: Final = 3600.0
LATER: Final = 0.05
"""Seconds. A canary is followed by every commit, and stands in no call's way: a call takes less."""
TURN: Final = 0.001
"""Seconds a busy thread goes on while another waits. A call for help asks the database dozens of times, and each time
it would wait behind the digest of a storm; with Python's own five milliseconds that adds up to what people notice.
"""
log = logging.getLogger(__name__)


def loops(may: Callable[[], bool] = lambda: True, sender: Sender | None = None) -> list[Loop]:
    """The loops of this site, not yet started. Those that claim what they do run in every engine; the others in the one
    that ``may``, since two would fetch one letter twice, or do one piece of work beside each other.
    """
    sender = sender or Sender()
    digest = Digest(owners.me(), digesting.digest, intake.park)
    return [
        Loop(DIGEST, digest.step, called=True, listen=place.inbox().listen),
        Loop("react", Reacting().step, woken=True),
        Loop(SEND, sender.step, called=True),
        Loop("replies", Replies().step, may=may),
        Loop("chat", chat.step, may=may),
        Loop("mailboxes", Mailboxes().step, may=may),
        Loop("letters", _letters),
        Loop("mail-door", Receiver().step),
        Loop("mail-answers", _answers, may=may),
        Loop(ESCALATE, escalate.step, called=True),
        Loop("canary", Canaries().step, woken=True, may=may, after=LATER),
        Loop("checks", every(CHECK_EVERY, notify.ask_for_answers), may=may),
        Loop("index", finding.follow, may=may),
        Loop("history", lists.follow, may=may),
        Loop("figures", every(FIGURES_EVERY, figures.tally), may=may),
        Loop("import", every(IMPORT_EVERY, _import), may=may),
        Loop("indicators", every(IMPORT_EVERY, _take_indicators), may=may),
        Loop("watch_clocks", _watch_clocks),
        Loop("silences", _speak),
        Loop("rules", _keep_rules),
        Loop("calendars", every(CALENDARS_EVERY, oncall.read_next), may=may),
        Loop("load", every(LOAD_EVERY, _load), may=may),
        Loop("stuck", every(STUCK_EVERY, _stuck), may=may),
        Loop("purge", every(PURGE_EVERY, _purge), may=may),
        Loop("files", every(FILES_EVERY, _files), may=may),
        Loop("retain", every(RETAIN_EVERY, retention.take_step), may=may),
        Loop("remind", every(REMIND_EVERY, _remind), may=may),
        Loop("listening", every(LISTEN_EVERY, Listening().step), may=may),
        Loop("topics", confirm_next, may=may),
        Loop("swaps", every(SWAPS_EVERY, _expire), may=may),
        Loop("learn", every(LEARN_EVERY, learning.learn_next), may=may),
        Loop("sweep", every(SWEEP_EVERY, incidents.sweep_vault), may=may),
    ]


def run() -> None:
    """Returns after SIGTERM or SIGINT."""
    outdated = Outdated()
    if not outdated():
        reactions.begin()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    memory.settle()
    sys.setswitchinterval(TURN)
    holding = leases.Holding(owners.me())
    sender = Sender()
    running = loops(holding, sender)
    queueing.hand_to(sender.take)
    for loop in running:
        loop.rests = outdated
        loop.start()
    while not stopping.wait(_beat(running, outdated)):
        continue
    for loop in running:
        loop.stop()
    for loop in running:
        if not loop.settle(SETTLE):
            log.info(
                "the %s loop was stopped in the middle of a step; what it had not committed is done again", loop.name
            )
    with contextlib.suppress(Error):  # it ends by itself
        holding.give_up()


def _beat(running: Sequence[Loop], rests: Callable[[], bool]) -> float:
    """Writes the pulses down, unless the engine rests; returns the seconds until the next time."""
    try:
        if not rests():
            ours = [loop for loop in running if not loop.stands_by]
            beats.beat({loop.name: loop.ended_well for loop in ours}, {loop.name: loop.error for loop in ours})
    except Error:
        log.warning("the engine's beat could not be written")
        connections.close_all()
    return beats.EVERY.total_seconds()


def _remind(now: datetime) -> bool:
    """Of turns nobody will take, where an hour is soon enough a week ahead; of duty that begins within a day; of queues
    that are too much; of the noise of the week.
    """
    oncall.remind_of_gaps(by=system("remind"), at=now)
    oncall.tell_of_duty(by=system("remind"), at=now)
    load.remind_of_load(by=system("remind"), at=now)
    intake.report_noise(by=system("remind"), at=now)
    return False


def _speak(now: datetime) -> bool:
    """Silences that are over, alerts whose explanation came or is over, what flapped. Looks before it takes the pen."""
    by = system("silences")
    return any(
        [
            any_silence_over(now) and intake.speak_after_silence(by=by, at=now),
            inhibiting.any_due(now) and intake.speak_after_inhibition(by=by, at=now),
            calming.any_flap_due(now) and intake.settle_flapping(by=by, at=now),
        ]
    )


def _keep_rules(now: datetime) -> bool:
    """In every engine: rule files are those of a machine."""
    del now
    intake.keep_rule_files()
    return False


def _letters(now: datetime) -> bool:
    """Mail that came in. Looks before it asks for the pen."""
    return any_letter_due(now) and mailboxes.take_next(now)


def _answers(now: datetime) -> bool:
    return any_answer_due(now) and mailboxes.answer_next(now)


def _load(now: datetime) -> bool:
    """Records that wait for somebody to be given to. Looks before it asks for the pen."""
    return any_unplaced(now) and load.assign_again(by=system("assignment"), at=now)


def _stuck(now: datetime) -> bool:
    """Records that do not move, and those whose owner is not there."""
    if absent_owners(now):
        load.suggest_owners(by=system("assignment"), at=now)
    return service_levels.tell_of_stuck(now)


def _expire(now: datetime) -> bool:
    """Looks before it asks for the pen: nearly always there is nothing."""
    return duty.any_expired(now) and oncall.expire_swaps(by=system("remind"), at=now) > 0


def _import(now: datetime) -> bool:
    """Looks before it asks for the pen: nearly always there is nothing."""
    by = system("imports")
    return any(
        [
            accounts.is_importing_people() and accounts.continue_people_imports(by=by),
            accounts.is_comparing_staff() and accounts.continue_staff_comparisons(by=by),
            assets.is_importing() and assets.continue_imports(by=by),
        ]
    )


def _take_indicators(now: datetime) -> bool:
    """By itself: a large file is gone through for a minute before its first value is taken, and nobody waits for it."""
    return assets.is_taking_indicators() and assets.continue_indicators(by=system("imports"))


def _purge(now: datetime) -> bool:
    """A step of everything that is over; each is asked, whatever the others still have to do."""
    return any(
        [
            place.inbox().purge_keys(),
            answers.purge(now),
            intake.purge_receipts(now),
            intake.forget_groups(now),
            intake.forget_things(now),
            accounts.forget_ended(now),
            incidents.forget_knocks(now),
            incidents.forget_presence(now),
            assets.forget_imports(now),
            assets.forget_indicator_files(now),
            rooms.forget_heard(now),
            mailboxes.forget_letters(now),
        ]
    )


def _watch_clocks(now: datetime) -> bool:
    """Waits whose time has come; clocks of which a share is used up."""
    return any([incidents.end_waits(now), service_levels.watch_clocks(now)])


def _files(now: datetime) -> bool:
    """Destroys what was removed; looks into what did not open."""
    return any([incidents.destroy_removed_files(now), incidents.settle_doubts(now)])
