"""What makes the desk an app on somebody's phone: its description, the worker that shows calls and
gives the page that stands in where the desk cannot be reached, and that page.
"""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST, require_safe

from hikeshi.notify.actions import pushing
from hikeshi.web import bundles, words
from hikeshi.web.access import open_to_all
from hikeshi.web.submitting import submitted


class Renewal(forms.Form):
    """Of a browser whose push service gave it another address: the old one whole, and the new one."""

    was = forms.CharField(max_length=700)
    endpoint = forms.CharField(max_length=500)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)


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
    script = bundles.content("desk-worker.js")
    if script is None:
        raise Http404
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@open_to_all
@never_cache
@require_safe
def away(request: HttpRequest) -> HttpResponse:
    """Kept by browsers, also on machines of many: no word of any record, of the site or of who reads."""
    return HttpResponse(render_to_string("web/states/away.html", {"title": words.away()}))


@open_to_all
@csrf_exempt  # no cookie counts here: what the browser alone knows of its old address is the proof
@never_cache
@sensitive_post_parameters()
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """Answers the same whether somebody had that address or nobody."""
    form = Renewal(request.POST)
    submitted(form, lambda it: pushing.renew_push(by=pushing.DESK, **it))
    return HttpResponse(status=422 if form.errors else 204)
