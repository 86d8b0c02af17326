"""What whoever is called reads, and what their answer does. Asked afresh at every sending: what was answered or closed
meanwhile wakes nobody.
"""

from typing import Final

from hikeshi.accounts.ways import Recipient
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.notify import answers, wording
from hikeshi.notify.answers import Standing
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.wording import Form, Words
from hikeshi.oncall import actions, describing
from hikeshi.oncall.escalation import UNANSWERED, State
from hikeshi.oncall.models.runs import How
from hikeshi.oncall.queries import runs
from hikeshi.phrases import escalation as phrases

ACKNOWLEDGE: Final = "acknowledge"
HAND_OVER: Final = "hand_over"
HELP: Final = "help"
HERE: Final = "here"
CHOICES: Final = (ACKNOWLEDGE, HAND_OVER, HELP)
FOR_INFORMATION: Final = frozenset({How.ANYWAY, How.ALARM})


def write(message: Queued, to: Recipient, form: Form) -> Words | None:
    """None where it is no longer wanted."""
    run = runs.run_of(message.subject)
    about = None if run is None else describing.describe(run.subject, message.to)
    if run is None or about is None or about.over or run.state == State.STOPPED:
        return None
    how = message.about.get("how", How.STEP)
    if run.state == State.ANSWERED and how not in {How.ANYWAY, How.HELP}:
        return None
    page = phrases.Page(
        ref=run.ref,
        how=how,
        priority=run.priority,
        title=about.title,
        place=about.place,
        round=int(message.about.get("round", "0")),
        unanswered_for=int((clock.now() - run.began_at).total_seconds()) // 60,
    )
    text = phrases.page_short(page) if form is Form.SHORT else phrases.page_text(page)
    choices = () if how in FOR_INFORMATION else CHOICES
    return Words(title=phrases.page_title(page), text=text, link=about.link, choices=choices)


def answer(*, by: Actor, message: Queued, choice: str) -> None:
    """What a signed link or a reply by mail does. Raises NotAllowed, AnsweredAlready, Invalid."""
    run = runs.run_of(message.subject)
    if run is None or run.state == State.STOPPED:
        raise Invalid("choice", "call_over")
    match choice:
        case "acknowledge":
            actions.acknowledge(by=by, subject=run.subject)
        case "hand_over":
            actions.hand_over(by=by, subject=run.subject)
        case "help":
            actions.ask_help(by=by, subject=run.subject)
        case _:
            raise Invalid("choice", "not_a_choice", choices=", ".join(CHOICES))


def look(message: Queued) -> Standing | None:
    """Who has it, for whoever comes back to a link that asks nothing more."""
    run = runs.run_of(message.subject)
    about = None if run is None else describing.describe(run.subject, message.to)
    if run is None or about is None:
        return None
    title = f"{run.ref} {about.title}".strip()
    if run.state != State.ANSWERED:
        return Standing(title, about.link)
    name = runs.names_of([run.answered_by]).get(run.answered_by, "")
    return Standing(title, about.link, name, run.answered_at)


def write_canary(message: Queued, to: Recipient, form: Form) -> Words | None:
    """A test, and says so in its first word."""
    run = runs.run_of(message.subject)
    if run is None or run.state not in UNANSWERED:
        return None
    text = phrases.canary_short() if form is Form.SHORT else phrases.canary_text(run.ref)
    return Words(title=phrases.canary_title(run.ref), text=text, choices=(HERE,))


def answer_canary(*, by: Actor, message: Queued, choice: str) -> None:
    """It reached them: that is all it asks. Raises NotAllowed, AnsweredAlready, Invalid."""
    run = runs.run_of(message.subject)
    if run is None or run.state == State.STOPPED:
        raise Invalid("choice", "call_over")
    actions.acknowledge(by=by, subject=run.subject)


wording.register(Purpose.CANARY, write_canary, subject="run")
answers.register(Purpose.CANARY, answer_canary, subject="run")
for _kind in ("run", "told"):
    wording.register(Purpose.PAGE, write, subject=_kind)
    answers.register(Purpose.PAGE, answer, subject=_kind, look=look)
