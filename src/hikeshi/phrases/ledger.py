"""What the ledger says of itself, in words."""

from typing import Final

from django.utils.translation import gettext_noop as _

from hikeshi.phrases.wording import Sentence

SENTENCES: Final = {
    "ledger.ReactionParked": Sentence(
        _("The reaction %(reaction)s failed on entry %(entry)s and will be tried again.")
    ),
}
