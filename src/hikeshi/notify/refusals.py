"""Why an answer is not taken."""

from hikeshi.kernel.refusals import Refusal


class LinkUsed(Refusal):
    """It was answered by this very link before."""

    code = "link_used"


class LinkOver(Refusal):
    """Too old, or about something that is settled."""

    code = "link_over"
