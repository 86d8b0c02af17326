"""Where a page sends the reader once it did what was asked."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme


def same_site(request: HttpRequest, target: str) -> str:
    """``target`` if it is a path of this site, else the first page: a form cannot send anybody elsewhere."""
    return target if url_has_allowed_host_and_scheme(target, allowed_hosts=None) else resolve_url("web:home")


def done(request: HttpRequest, to: str, *arguments: object) -> HttpResponse:
    """After a change. A page that stays open gets itself again and takes over its changed panels; else it is left."""
    target = resolve_url(to, *arguments)
    here = request.headers.get("HX-Current-URL", "")
    if request.headers.get("HX-Request") and urlsplit(here).path != urlsplit(target).path:
        return HttpResponse(status=200, headers={"HX-Redirect": target})
    return redirect(target)
