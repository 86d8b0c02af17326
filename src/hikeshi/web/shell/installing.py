"""What makes the desk an app on somebody's phone: its description, and the worker that shows calls."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET

from hikeshi.web import bundles
from hikeshi.web.access import open_to_all


@open_to_all
@cache_control(max_age=3600)
@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    icon = {"src": bundles.url("mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}
    said = {"name": _("Hikeshi"), "short_name": _("Hikeshi"), "id": "/", "start_url": "/", "scope": "/"}
    said |= {"display": "standalone", "background_color": "#ffffff", "theme_color": "#ffffff"}
    return JsonResponse({**said, "icons": [icon]}, content_type="application/manifest+json")


@open_to_all
@never_cache
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """At the top, for a worker rules no more than its own folder."""
    script = bundles.content("push-worker.js")
    if script is None:
        raise Http404
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")
