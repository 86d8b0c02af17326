"""What a mailbox is asked for. Names are those of the form."""

from typing import Final

from hikeshi.notify.channels.fields import BY_TOKEN, Field
from hikeshi.notify.tokens import Way

FIELDS: Final = (
    Field("imap_host"),
    Field("imap_port"),
    Field("imap_security", default="tls", choices=("tls", "starttls", "none")),
    Field("imap_auth", default=Way.PASSWORD, choices=tuple(Way)),
    Field("imap_username"),
    Field("imap_password", secret=True),
    *BY_TOKEN,
    Field("imap_folder", default="INBOX"),
)
