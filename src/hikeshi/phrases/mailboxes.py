"""Mailboxes, in words: what the desk notes, and what it writes back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from hikeshi.mail.headers import Address
from hikeshi.mail.letters import Letter
from hikeshi.mail.proof import Proof
from hikeshi.mail.traces import traces
from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "mailboxes.MailboxSet": Sentence(_("Said what a mailbox is for: %(carries)s."), {"carries": "mailbox_carries"}),
    "mailboxes.MailboxRemoved": Sentence(_("Removed a mailbox.")),
    "mailboxes.MailboxBroken": Sentence(_("A mailbox cannot be read: %(why)s"), {"why": "message_trouble"}),
    "mailboxes.MailboxMended": Sentence(_("A mailbox can be read again.")),
    "mailboxes.LetterParked": Sentence(_("A mail was put aside: %(why)s"), {"why": "letter_trouble"}),
    "mailboxes.LetterTriedAgain": Sentence(_("Took up a mail again that had been put aside.")),
}

LABELS: Final[Mapping[str, Mapping[str, str | Promise]]] = {
    "mailbox_carries": {
        "reports": pgettext_lazy("mailbox_carries", "Reports by people"),
        "phishing": pgettext_lazy("mailbox_carries", "Suspicious mails that people forward"),
        "alerts": pgettext_lazy("mailbox_carries", "Alerts of a source"),
    },
    "mailbox_field": {
        "imap_host": gettext_lazy("Server (IMAP)"),
        "imap_port": gettext_lazy("Port"),
        "imap_security": gettext_lazy("Encryption"),
        "imap_auth": gettext_lazy("Sign-in"),
        "imap_username": gettext_lazy("User name"),
        "imap_password": gettext_lazy("Password"),
        "imap_folder": gettext_lazy("Folder"),
    },
    "mailbox_step": {
        "name": pgettext_lazy("mailbox_step", "Name of the server"),
        "reach": pgettext_lazy("mailbox_step", "Connection"),
        "tls": pgettext_lazy("mailbox_step", "Encryption and certificate"),
        "greeting": pgettext_lazy("mailbox_step", "Answer of the server"),
        "token": pgettext_lazy("mailbox_step", "Token"),
        "sign_in": pgettext_lazy("mailbox_step", "Sign-in"),
        "folder": pgettext_lazy("mailbox_step", "Folder"),
    },
    "mailbox_step_state": {
        "done": pgettext_lazy("mailbox_step_state", "in order"),
        "failed": pgettext_lazy("mailbox_step_state", "failed"),
        "left": pgettext_lazy("mailbox_step_state", "not come to"),
    },
    "mailbox_step_failed": {
        "name": gettext_lazy("The name of the server cannot be used."),
        "reach": gettext_lazy("The server cannot be connected to."),
        "tls": gettext_lazy("The connection cannot be encrypted."),
        "greeting": gettext_lazy("What answers there is no IMAP server."),
        "token": gettext_lazy("No token is given to the desk."),
        "sign_in": gettext_lazy("The server does not let the desk sign in."),
        "folder": gettext_lazy("The folder cannot be opened."),
    },
    "letter_state": {
        "waiting": pgettext_lazy("letter_state", "Waits"),
        "done": pgettext_lazy("letter_state", "Taken"),
        "kept": pgettext_lazy("letter_state", "Kept, not answered"),
        "parked": pgettext_lazy("letter_state", "Put aside"),
    },
    "letter_outcome": {
        "report": pgettext_lazy("letter_outcome", "Report"),
        "reply": pgettext_lazy("letter_outcome", "Reply to a report"),
        "alert": pgettext_lazy("letter_outcome", "Alert"),
        "automatic": pgettext_lazy("letter_outcome", "Written by a machine"),
        "own": pgettext_lazy("letter_outcome", "Sent by the desk itself"),
    },
    "letter_answer": {
        "none": pgettext_lazy("letter_answer", "None"),
        "due": pgettext_lazy("letter_answer", "On its way"),
        "sent": pgettext_lazy("letter_answer", "Sent"),
        "failed": pgettext_lazy("letter_answer", "Could not be sent"),
    },
    "letter_trouble": {
        "other_key": gettext_lazy("It was sealed under another key."),
        "too_many": gettext_lazy("Its sender writes more than 60 mails an hour."),
        "unknown_sender": gettext_lazy("Its sender is not one of those whose alerts count."),
        "unproven_sender": gettext_lazy("Nothing proves that it comes from its sender."),
        "unknown_source": gettext_lazy("The source of this mailbox is not there any more."),
        "not_allowed": gettext_lazy("Its sender may not report."),
        "too_large": gettext_lazy("A file is too large."),
        "case_full": gettext_lazy("The incident holds as many files as it may."),
        "no_room": gettext_lazy("There is no room for files at the moment."),
        "failed": gettext_lazy("The desk failed on it. The log says where."),
    },
}

REASONS: Final[Mapping[str, Promise]] = {
    "letters_wait": gettext_lazy("Mails of this mailbox still wait to be taken. Try again in a minute."),
    "not_read": gettext_lazy("Switch it on and name a server first: there is nothing to read."),
    "desk_held": gettext_lazy("This desk is held: nothing leaves it."),
    "desk_shut": gettext_lazy("This desk is for trying things out: it connects to nobody."),
    "not_parked": gettext_lazy("This mail is not put aside."),
}


@dataclass(frozen=True, slots=True)
class Said:
    title: str
    text: str


def received(ref: str, code: str, report: UUID) -> Said:
    """What whoever wrote a report gets back. People with an account follow it by that."""
    lines = [
        gettext("We have received your mail. Its number is %(ref)s.") % {"ref": ref},
        gettext("Reply to this mail if you want to add something."),
    ]
    base = settings.PUBLIC_URL.rstrip("/")
    if base:
        page = f"{base}/report/follow/" if code else f"{base}/report/{report}/"
        lines.append(gettext("How it goes on: %(url)s") % {"url": page})
    if code:
        lines.append(gettext("Your code to follow it: %(code)s. Give it to nobody.") % {"code": code})
    lines.append(gettext("If you did not write to us, you need not do anything."))
    return Said(gettext("[%(ref)s] Your report has arrived") % {"ref": ref}, "\n\n".join(lines))


def no_text() -> str:
    return gettext("(The mail has no text.)")


def cut() -> str:
    return gettext("(Cut off here. The attached mail holds all of it.)")


def found_in(letters: Sequence[Letter]) -> Iterator[str]:
    """What can be looked for elsewhere, of each attached mail; web addresses are written so that none opens."""
    for letter in letters[:5]:
        lines = [f"{_NAMES[one.kind]}: {one.value}"[:600] for one in traces(letter)[:40]]
        yield "\n".join([gettext("In the attached mail:"), *(f"- {line}" for line in lines)])


_NAMES: Final[Mapping[str, Promise]] = {
    "sender": pgettext_lazy("mail_trace", "Sender"),
    "reply_to": pgettext_lazy("mail_trace", "Answers go to"),
    "subject": pgettext_lazy("mail_trace", "Subject"),
    "message_id": pgettext_lazy("mail_trace", "Message-ID"),
    "url": pgettext_lazy("mail_trace", "Web address"),
    "file": pgettext_lazy("mail_trace", "File"),
}


def proven(sure: Proof, sender: Address) -> str:
    if sure.of(sender):
        return gettext("The sender is proven: DMARC passed.")
    if sure.forged:
        return gettext("The sender is forged, says the mail server: DMARC failed.")
    return gettext("Nothing proves who sent this mail.")
