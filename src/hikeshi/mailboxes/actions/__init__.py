"""The verbs of mailboxes."""

from hikeshi.mailboxes.actions.answering import answer_next
from hikeshi.mailboxes.actions.boxes import remove_mailbox, set_mailbox, try_mailbox
from hikeshi.mailboxes.actions.keeping import failed, forget_letters, keep, worked
from hikeshi.mailboxes.actions.taking import take_next, try_letter

__all__ = [
    "answer_next",
    "failed",
    "forget_letters",
    "keep",
    "remove_mailbox",
    "set_mailbox",
    "take_next",
    "try_letter",
    "try_mailbox",
    "worked",
]
