"""What the ledger says of itself, in words."""

from typing import Final

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "ledger.ReactionParked": Sentence(
        _("The reaction %(reaction)s failed on entry %(entry)s and will be tried again.")
    ),
}
