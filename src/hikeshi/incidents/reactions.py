"""What incidents do when the packages below announce something."""

from hikeshi.assets.facts import AssetChanged, AssetRetired, AssetTakenUp
from hikeshi.incidents import actions
from hikeshi.intake.facts import AlertJudged
from hikeshi.kernel.acting import system
from hikeshi.ledger.reactions import EntryView, when

BY = system("rules")


@when(AlertJudged)
def take_up_judged_alert(fact: AlertJudged, entry: EntryView) -> None:
    actions.take_judgement(by=BY, judged=fact, entry=entry.number, world=entry.world)


@when(AssetChanged)
def weigh_changed_asset(fact: AssetChanged, entry: EntryView) -> None:
    if fact.stated.criticality != fact.criticality_was:
        actions.weigh_asset(by=BY, asset=fact.asset)


@when(AssetRetired)
def weigh_retired_asset(fact: AssetRetired, entry: EntryView) -> None:
    actions.weigh_asset(by=BY, asset=fact.asset)


@when(AssetTakenUp)
def weigh_asset_taken_up(fact: AssetTakenUp, entry: EntryView) -> None:
    actions.weigh_asset(by=BY, asset=fact.asset)
