"""Organisations as the command line names them: by name, or by identifier where two share a name."""

from uuid import UUID

from hikeshi.accounts import queries
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound


def organisation(by: Actor, named: str | None) -> UUID:
    """The root where none is named. Raises NotFound, Invalid."""
    if not named:
        return queries.root().uuid
    found = [place.uuid for place in queries.organisations(by) if named in {place.name, str(place.uuid)}]
    if not found:
        raise NotFound("organisation")
    if len(found) > 1:
        raise Invalid("organisation", "ambiguous")
    return found[0]
