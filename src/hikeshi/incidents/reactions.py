"""What incidents do when the packages below announce something."""

from hikeshi.incidents import actions
from hikeshi.intake.facts import AlertJudged
from hikeshi.kernel.acting import system
from hikeshi.ledger.reactions import EntryView, when

BY = system("rules")


@when(AlertJudged)
def take_up_judged_alert(fact: AlertJudged, entry: EntryView) -> None:
    actions.take_judgement(by=BY, judged=fact, entry=entry.number, world=entry.world)
