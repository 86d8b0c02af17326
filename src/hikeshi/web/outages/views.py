from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.kernel.paging import paginate
from hikeshi.notices import queries
from hikeshi.web.access import SignedIn
from hikeshi.web.filtering import LIMIT, cursor_of
from hikeshi.web.outages.forms import Stands


@require_GET
def outages(request: SignedIn) -> HttpResponse:
    """What people at the portal are and were told of, as far as this reader sees the records."""
    filters, cursor = Stands(request.GET), cursor_of(request)
    wanted = {name: str(value) for name, value in filters.picked.items()}
    page = paginate(queries.listed(request.actor, **wanted), order=queries.NEWEST, cursor=cursor, limit=LIMIT)
    context = {"title": _("Outage notices"), "filters": filters, "page": page, "cursor": cursor}
    more = {"next": filters.next_query(page.next), "first": filters.query()}
    return render(request, "web/outages/outages.html", {**context, **more})
