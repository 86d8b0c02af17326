"""What people read of a source that fell silent, of a rule that failed, of the noise of a week: made when it is sent;
what is over by then is told nobody.
"""

from uuid import UUID

from hikeshi.accounts import queries as accounts
from hikeshi.accounts.ways import Recipient
from hikeshi.intake import queries
from hikeshi.intake.models import SiteRule
from hikeshi.intake.permissions import Verb
from hikeshi.intake.queries import noise, ruling, silencing, watching
from hikeshi.intake.site_rules import RuleState
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import NotFound
from hikeshi.notify import links, wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.wording import Form, Words
from hikeshi.phrases import calming as calm
from hikeshi.phrases import labels
from hikeshi.phrases import ruling as rules
from hikeshi.phrases import sourcing as phrases

TOLD = 10
DESK = system("silence")


def silent(message: Queued, to: Recipient, form: Form) -> Words | None:
    code = message.subject.partition(":")[2]
    found = next((one for one in watching.silences(DESK, clock.now()) if one.code == code), None)
    if found is None or not _may_look(message.to):
        return None
    about = next(one for one in queries.sources() if one.code == code)
    name = about.name_ja if to.language.startswith("ja") and about.name_ja else about.name
    said = phrases.silent_words(name, clock.now() - found.since)
    return Words(said.title, "" if form is Form.SHORT else said.text, link=f"/settings/sources/{code}/")


def faulty(message: Queued, to: Recipient, form: Form) -> Words | None:
    """A rule that the desk switched off; nothing where somebody switched it on again since."""
    code = message.subject.partition(":")[2]
    found = SiteRule.objects.filter(code=code, state=RuleState.OFF).exclude(fault="").first()
    if found is None or not _may_look(message.to):
        return None
    said = rules.failed_words(code, labels.label("rule_fault", found.fault))
    return Words(said.title, "" if form is Form.SHORT else said.text, link=f"/rules/{code}/")


def noisy(message: Queued, to: Recipient, form: Form) -> Words | None:
    """The noise of the last seven days as its reader may see it; nothing where there is none, or it is not wanted."""
    if not noise.is_reported() or not _may_look(message.to):
        return None
    by = accounts.actor_of(accounts.person(DESK, UUID(message.to.partition(":")[2])))
    report = noise.weekly(by)
    if not report.lines:
        return None
    said = calm.noise_words(
        report.alerts,
        [
            calm.Loud(
                one.source,
                one.title,
                one.alerts,
                one.titles,
                links.address(one.silence_at) if one.matchers and silencing.may_set(by) else "",
                links.address(one.rule_at) if ruling.may_write(by) else "",
            )
            for one in report.lines[:TOLD]
        ],
    )
    return Words(said.title, "" if form is Form.SHORT else said.text, link="/alerts/noise/")


def _may_look(to: str) -> bool:
    try:
        person = accounts.person(DESK, UUID(to.partition(":")[2]))
    except (NotFound, ValueError):
        return False
    return person.is_active and accounts.actor_of(person).may(Verb.VIEW)


wording.register(Purpose.REMINDER, silent, "silence")
wording.register(Purpose.REMINDER, faulty, "faulty")
wording.register(Purpose.REMINDER, noisy, "noise")
