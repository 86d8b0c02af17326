"""What happens to the files of an incident, in words."""

from typing import Final

from hikeshi.phrases.wording import Sentence
from hikeshi.phrases.wording import noted as _

SENTENCES: Final = {
    "incidents.FileAttached": Sentence(_("Attached a file.")),
    "incidents.FileRemoved": Sentence(_("Removed a file.")),
    "incidents.FileDamaged": Sentence(_("A file is no longer what was attached: do not trust it.")),
    "incidents.CaseExported": Sentence(_("Exported the whole record.")),
}
