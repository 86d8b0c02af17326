"""The words of mailboxes. Pure."""

from enum import StrEnum


class Carries(StrEnum):
    """What the mail of a mailbox is."""

    REPORTS = "reports"
    PHISHING = "phishing"
    ALERTS = "alerts"


class State(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    KEPT = "kept"  # read, and nothing becomes of it
    PARKED = "parked"  # somebody must look


class Outcome(StrEnum):
    REPORT = "report"
    REPLY = "reply"
    ALERT = "alert"
    AUTOMATIC = "automatic"
    OWN = "own"


class Answer(StrEnum):
    """Whether its sender is told that it arrived."""

    NONE = "none"
    DUE = "due"
    SENT = "sent"
    FAILED = "failed"


class Came(StrEnum):
    IMAP = "imap"
    SMTP = "smtp"
