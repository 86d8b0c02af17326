"""How far the index has come: for the page, which says when it does not hold everything yet."""

from dataclasses import dataclass

from hikeshi.search.models import Document, Progress


@dataclass(frozen=True, slots=True)
class Standing:
    """``begun``: there is an index at all. ``whole``: it holds everything."""

    begun: bool
    whole: bool

    @property
    def documents(self) -> int:
        return Document.objects.count()


def standing() -> Standing:
    row = Progress.objects.filter(pk=1).first()
    return Standing(begun=row is not None, whole=row is not None and not row.building)
