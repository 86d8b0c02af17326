from typing import TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

from hikeshi.kernel.paging import paginate
from hikeshi.web.access import SignedIn

Row = TypeVar("Row", bound=Model)


def listed(request: SignedIn, rows: QuerySet[Row], *, order: str, **kept: str) -> dict[str, object]:
    """What a list and its pager show; ``kept`` is what the address must still say on the next page."""
    cursor = request.GET.get("cursor")
    page = paginate(rows, order=(order,), cursor=cursor)
    narrowed = {name: value for name, value in kept.items() if value}
    following = urlencode({**narrowed, "cursor": page.next}) if page.next else ""
    return {"page": page, "cursor": cursor, "first": urlencode(narrowed), "next": following}
