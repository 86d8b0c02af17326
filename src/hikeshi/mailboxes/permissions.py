from enum import StrEnum


class Verb(StrEnum):
    CONFIGURE = "mailboxes.configure"
    """Mailboxes: which there are, what becomes of their mail, and what could not be taken."""
