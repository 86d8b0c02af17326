"""Every path of the API, each behind the door. Mounted at ``/api/v1/``."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path

from hikeshi.api import description
from hikeshi.api.door import door
from hikeshi.api.service import API

app_name = "api"


def _nothing(request: HttpRequest) -> HttpResponse:
    raise Http404


def _routes() -> list[URLPattern]:
    found = [pattern for pattern in API.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in found:
        pattern.callback = door(pattern.callback)
    return found


urlpatterns = [
    path("openapi.json", door(description.openapi), name="openapi"),
    path("docs", door(description.docs), name="docs"),
    *_routes(),
    re_path(r"", door(_nothing), name="nothing"),
]
