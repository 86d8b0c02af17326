"""Two people save at once. Only what was changed since the reader's version is a conflict; both texts survive. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clash:
    """Fields on which the two differ, with both texts."""

    yours: Mapping[str, str]
    theirs: Mapping[str, str]


def clash(
    *, yours: Mapping[str, str], current: Mapping[str, str], changed_at: Mapping[str, int], version: int | None
) -> Clash | None:
    """Whether saving ``yours``, read at ``version``, would overwrite what its writer has not seen.

    ``changed_at`` is the version at which each field last changed. A field somebody else changed to the same text, or a
    change elsewhere in the record, is no conflict: at night ten people write into one record.
    """
    if version is None:
        return None
    fields = [name for name in yours if changed_at.get(name, 0) > version and yours[name] != current[name]]
    if not fields:
        return None
    return Clash({name: yours[name] for name in fields}, {name: current[name] for name in fields})
