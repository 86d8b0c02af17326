"""What incidents do when the packages below announce something."""

from uuid import UUID

from hikeshi.assets.facts import AssetChanged, AssetRetired, AssetTakenUp
from hikeshi.incidents import actions, facts
from hikeshi.incidents.codes import BY_RULES
from hikeshi.intake.facts import AlertJudged
from hikeshi.kernel.acting import system
from hikeshi.ledger.reactions import EntryView, when
from hikeshi.oncall.facts import Acknowledged, ExecutivesAsked, SeverityAsked

BY = system(BY_RULES.partition(":")[2])
ESCALATION = system("escalate")


@when(AlertJudged, prompt=True)
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


@when(facts.Opened)
def call_for_opened(fact: facts.Opened, entry: EntryView) -> None:
    actions.call_for_help(by=ESCALATION, incident=fact.incident)


@when(facts.PriorityChanged)
def call_for_changed(fact: facts.PriorityChanged, entry: EntryView) -> None:
    if fact.priority < fact.was:
        actions.call_for_help(by=ESCALATION, incident=fact.incident)


@when(facts.UrgencyRaised)
def call_for_raised(fact: facts.UrgencyRaised, entry: EntryView) -> None:
    actions.call_for_help(by=ESCALATION, incident=fact.incident)


@when(facts.Reopened)
def call_for_reopened(fact: facts.Reopened, entry: EntryView) -> None:
    actions.call_for_help(by=ESCALATION, incident=fact.incident)


@when(facts.Unmerged)
def call_for_unmerged(fact: facts.Unmerged, entry: EntryView) -> None:
    actions.call_for_help(by=ESCALATION, incident=fact.incident)


@when(facts.Resolved)
def stop_calling_for_resolved(fact: facts.Resolved, entry: EntryView) -> None:
    actions.stop_call(by=ESCALATION, incident=fact.incident)


@when(Acknowledged)
def take_answer(fact: Acknowledged, entry: EntryView) -> None:
    if incident := _incident(entry.subject):
        actions.take_answer(by=ESCALATION, incident=incident, person=fact.person)


@when(SeverityAsked)
def take_severity(fact: SeverityAsked, entry: EntryView) -> None:
    if incident := _incident(entry.subject):
        actions.take_severity(by=ESCALATION, incident=incident, priority=fact.priority)


@when(ExecutivesAsked)
def take_executives(fact: ExecutivesAsked, entry: EntryView) -> None:
    if incident := _incident(entry.subject):
        actions.take_executives(by=ESCALATION, incident=incident, people=fact.people)


def _incident(subject: str) -> UUID | None:
    kind, _, uuid = subject.partition(":")
    return UUID(uuid) if kind == "incident" else None
