"""The verbs of messages out, by noun. Everybody else imports them from here."""

from hikeshi.notify.actions.answering import answer, answer_all
from hikeshi.notify.actions.channels import remove_channel, set_channel, set_hosts, try_channel
from hikeshi.notify.actions.checks import ask_for_answers
from hikeshi.notify.actions.own_rules import set_own_rules
from hikeshi.notify.actions.queueing import queue, queue_all, withdraw

__all__ = [
    "answer",
    "answer_all",
    "ask_for_answers",
    "queue",
    "queue_all",
    "remove_channel",
    "set_channel",
    "set_hosts",
    "set_own_rules",
    "try_channel",
    "withdraw",
]
