"""Files that nobody may read from the disk: encrypted from the first byte on, found out where changed."""

from hikeshi.kernel.vault.refusals import Damaged, NoRoom, TooBig
from hikeshi.kernel.vault.store import Draft, Vault, Writing

__all__ = ["Damaged", "Draft", "NoRoom", "TooBig", "Vault", "Writing"]
