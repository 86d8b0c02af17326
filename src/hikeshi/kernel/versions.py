"""Two people edit the same settings: whoever saves second must have seen what the first one saved. Pure."""

from collections.abc import Mapping

from hikeshi.kernel.refusals import Conflict


def must_be_current(*, read: int | None, now: int, yours: Mapping[str, str], theirs: Mapping[str, str]) -> None:
    """``read`` is the version the writer started from; None saves over whatever is there. The same text is no conflict.

    Raises Conflict with the fields that differ.
    """
    if read is None or read >= now:
        return
    differ = [name for name, text in yours.items() if text != theirs.get(name, "")]
    if differ:
        raise Conflict(
            yours={name: yours[name] for name in differ},
            theirs={name: theirs.get(name, "") for name in differ},
            version=now,
        )
