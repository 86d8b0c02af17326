from collections.abc import Mapping

from hikeshi.kernel.refusals import Invalid, Refusal

MEGABYTE = 1_000_000


class TooBig(Invalid):
    """More bytes than one file may have."""

    def __init__(self, limit: int) -> None:
        super().__init__("file", "file_too_big", limit=f"{limit / MEGABYTE:,.10g}")


class NoRoom(Refusal):
    """The disk has no room for it that the desk itself could spare."""

    code = "no_room"


class Damaged(Refusal):
    """The bytes on the disk are not the ones that were kept, or are gone. ``what`` names the file."""

    code = "damaged"

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    @property
    def fields(self) -> Mapping[str, str]:
        return {"what": self.what}
