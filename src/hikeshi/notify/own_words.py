"""Words for what this package itself tells: a broken channel, a test call. A check of a contact gets them too."""

from uuid import UUID

from django.utils.translation import gettext as _

from hikeshi.accounts import stale
from hikeshi.accounts.ways import Recipient
from hikeshi.notify import links, wording
from hikeshi.notify.messages import Purpose, Queued
from hikeshi.notify.wording import Form, Words
from hikeshi.phrases import labels


def broken(message: Queued, to: Recipient, form: Form) -> Words | None:
    kind = labels.label("way_kind", message.about.get("kind", ""))
    why = labels.label("message_trouble", message.about.get("why", ""))
    return Words(
        _("Messages no longer leave by %(kind)s") % {"kind": kind},
        _("%(why)s Until it is mended, messages take other ways.") % {"why": why},
        link="/settings/channels/",
    )


def mailbox(message: Queued, to: Recipient, form: Form) -> Words | None:
    why = labels.label("message_trouble", message.about.get("why", ""))
    text = _("%(why)s Until it is mended, calls are answered by their links only.") % {"why": why}
    return Words(_("Replies by mail are no longer read"), text, link="/settings/channels/")


def reply(message: Queued, to: Recipient, form: Form) -> Words | None:
    """The link asks again what the reply did not answer, in whatever words there are now."""
    text = labels.label("reply_trouble", message.about.get("why", "")) or _("It did nothing.")
    delivery = UUID(message.about["delivery"])
    return Words(_("Your reply was not taken"), text, link=f"/a/{links.token(delivery)}")


def canary(message: Queued, to: Recipient, form: Form) -> Words | None:
    return Words(
        _("Test call of the incident desk"),
        _("Please answer, so that the desk knows that it can reach you here. Nothing has happened."),
        choices=("here",),
    )


def check(message: Queued, to: Recipient, form: Form) -> Words | None:
    return Words(
        _("Does this reach you, %(name)s?") % {"name": to.name},
        _("The incident desk would call you here in an emergency. Please answer, so that it knows."),
        choices=("here",),
    )


def stale_contacts(message: Queued, to: Recipient, form: Form) -> Words | None:
    """Counted afresh: what was set right meanwhile is not asked for."""
    keeper = UUID(message.subject.partition(":")[2])
    count = stale.kept_by(keeper)[keeper]
    if not count:
        return None
    return Words(
        _("Contacts to mend: %(count)s") % {"count": count},
        _("Nobody answered there for long, or what was sent came back. Mend them before the night they are needed."),
        link="/contacts/stale/" if form is not Form.SPOKEN else "",
    )


wording.register(Purpose.REMINDER, stale_contacts, "contacts")
wording.register(Purpose.TOLD, broken, "channel")
wording.register(Purpose.TOLD, mailbox, "mailbox")
wording.register(Purpose.TOLD, reply, "reply")
wording.register(Purpose.CANARY, canary)
wording.register(Purpose.CHECK, check)
