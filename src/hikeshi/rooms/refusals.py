"""Why something that came from a chat tool is not done."""

from hikeshi.kernel.refusals import Refusal


class HeardBefore(Refusal):
    """The tool delivered it again: it was done the first time."""

    code = "heard_before"


class TooFast(Refusal):
    """One person writes faster than anybody types, or tries codes."""

    code = "chat_too_fast"


class CodeUnknown(Refusal):
    """Never given out, used, or older than ten minutes: not told apart."""

    code = "link_code_unknown"
