"""A rule that failed while it judged is switched off, and whoever answers for it is told."""

from hikeshi.accounts import queries as accounts
from hikeshi.intake import rule_facts
from hikeshi.intake.actions import ruling as acts
from hikeshi.intake.actions.watching import answering
from hikeshi.intake.faulty import Asking, Fault
from hikeshi.intake.models import SiteRule
from hikeshi.intake.permissions import Verb
from hikeshi.intake.site_rules import RuleState
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import action
from hikeshi.notify import actions as notify
from hikeshi.notify.messages import Message, Purpose


def settle(by: Actor, asking: Asking) -> None:
    """Part of the digest: those of its rules that were at fault judge nothing from the next batch on."""
    for code, fault in sorted(asking.faults.items()):
        fail_rule(by=by, code=code, fault=fault)


@action
def fail_rule(*, by: Actor, code: str, fault: Fault) -> SiteRule:
    """For the digest: once, however many digesters found it. Raises NotAllowed, NotFound."""
    if not by.unlimited:
        raise NotAllowed(Verb.MANAGE)
    row = acts.held_or_begun(code)
    if row.state == RuleState.OFF:
        return row

    row.state, row.live, row.fault = RuleState.OFF, 0, fault
    row.save()
    acts.changed()

    acts.tell(rule_facts.RuleFailed(code=row.code, fault=fault, stands=acts.standing(row)), row, by)
    for person in answering(by, row.owner):
        _message(by, row, f"person:{person.uuid}")
    return row


def _message(by: Actor, row: SiteRule, to: str) -> None:
    message = Message(
        purpose=Purpose.REMINDER,
        subject=f"faulty:{row.code}",
        world=World(accounts.site().world),
        to=to,
        key=f"faulty:{row.code}/{clock.now().isoformat()}/{to}",
        urgency=2,
    )
    notify.queue(by=by, message=message)
