from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.incidents import queries as incidents
from hikeshi.transfer.cases import package
from hikeshi.web.access import SignedIn
from hikeshi.web.files import giving, taking


@csrf_exempt  # checked in taking.take, once it is known that the reader may: the check reads the whole form
@require_http_methods(["GET", "POST"])
def files(request: SignedIn, ref: str) -> HttpResponse:
    return taking.take(request, ref) if request.method == "POST" else taking.page(request, ref)


@require_GET
def file(request: SignedIn, ref: str, file: UUID) -> HttpResponseBase:
    row, chunks = incidents.open_file(request.actor, ref, file)
    return giving.saved(row.name, chunks, row.size)


@require_GET
def sample(request: SignedIn, ref: str, file: UUID) -> HttpResponseBase:
    """The same behind a password, for malware that must travel: no scanner on the way opens it, nor does a slip."""
    row, chunks, size = incidents.open_sample(request.actor, ref, file)
    return giving.saved(f"{row.name}.zip", chunks, size, "application/zip")


@require_GET
def export(request: SignedIn, ref: str) -> HttpResponseBase:
    return giving.saved(f"{ref}.zip", package.export(request.actor, ref), None, "application/zip")
