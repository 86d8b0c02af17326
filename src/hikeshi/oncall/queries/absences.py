"""Who is away at a moment, whatever asks for them."""

from collections.abc import Mapping
from datetime import datetime

from hikeshi.kernel.prepared import Prepared
from hikeshi.oncall.models import Absence

_ABSENT = Prepared(
    lambda at: (
        Absence.objects.filter(begins_at__lte=at, ends_at__gt=at)
        .order_by("pk")
        .values_list("person__uuid", "substitute__uuid", "substitute__is_active")
    ),
    at=datetime,
)


def absent(at: datetime) -> Mapping[str, str]:
    """By owner string whoever was named to stand in and is still here, else nothing; the latest word counts. For the
    engine.
    """
    return {
        f"person:{person}": f"person:{substitute}" if active else "" for person, substitute, active in _ABSENT(at=at)
    }
