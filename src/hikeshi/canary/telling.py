"""The words for whoever must hear that a canary did not come through."""

from uuid import UUID

from hikeshi.accounts.ways import Recipient
from hikeshi.canary import queries
from hikeshi.notify import wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.wording import Form, Words
from hikeshi.phrases import canary as phrases


def write(message: Queued, to: Recipient, form: Form) -> Words | None:
    """None where a later one has come through."""
    last = queries.last_failed()
    if last is None or last.uuid != UUID(message.subject.partition(":")[2]):
        return None
    text = "" if form is Form.SHORT else phrases.failed_text(last.stage, last.why, last.minutes)
    return Words(phrases.failed_title(last.ref), text, link="/settings/canary/" if form is Form.FULL else "")


wording.register(Purpose.TOLD, write, "canary")
