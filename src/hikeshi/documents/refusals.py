"""Why a document is not made."""

from collections.abc import Mapping

from hikeshi.kernel.refusals import Refusal


class DocumentBusy(Refusal):
    """As many as may be made at once are being made."""

    code = "document_busy"


class DocumentTooLarge(Refusal):
    """It would take longer, or more memory, than one document may."""

    code = "document_too_large"


class FontsMissing(Refusal):
    """The package was built without the fonts a PDF is written with."""

    code = "fonts_missing"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    @property
    def fields(self) -> Mapping[str, str]:
        return {"name": self.name}


class DocumentFailed(RuntimeError):
    """The typesetter broke: a mistake of ours. The message is its own."""
