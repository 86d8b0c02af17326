"""What happens to the sources a site maps itself, in words."""

from typing import Final

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "intake.SourceSaved": Sentence(_("Wrote version %(number)s of source %(code)s. What comes is read with it.")),
    "intake.SourceTakenOut": Sentence(_("Took the site's own source %(code)s out of use.")),
}
