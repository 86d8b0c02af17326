"""The connection of a mailbox tried while somebody waits: which step fails, and why. Nothing is kept."""

from uuid import UUID

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid
from hikeshi.mailboxes import queries, sealed
from hikeshi.notify import setups
from hikeshi.notify.handing import Setup
from hikeshi.notify.replies.trying import Tried as Tried
from hikeshi.notify.replies.trying import attempt as _attempt


def attempt(by: Actor, mailbox: UUID) -> Tried:
    """Raises NotAllowed, NotFound, Invalid where it is not read over IMAP or nothing may leave this desk."""
    row = queries.mailbox(by, mailbox).row
    if not row.plain.get("imap_host"):
        raise Invalid("mailbox", "not_read")
    here = setups.read()
    if here.permitted.shut:
        raise Invalid("mailbox", "desk_shut" if here.live else "desk_held")
    return _attempt(Setup("mailbox", True, dict(row.plain), sealed.unseal(row.sealed), here.permitted))
