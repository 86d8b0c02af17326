"""Where a page sends the reader once it did what was asked."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme

CHANGED = "hikeshi:changed"


def same_site(request: HttpRequest, target: str) -> str:
    """``target`` if it is a path of this site, else the first page: a form cannot send anybody elsewhere."""
    here = target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if here else resolve_url("web:home")


def say(request: HttpRequest, word: str | Promise) -> None:
    """Told once, on the next page; nothing where the page shows by itself what was done."""
    if word:
        messages.success(request, str(word))


def done(request: HttpRequest, to: str, *arguments: object) -> HttpResponse:
    """After a change. A page that stays open gets itself again and takes over its changed panels; else it is left."""
    target = resolve_url(to, *arguments)
    if not request.headers.get("HX-Request"):
        return redirect(target)
    here = urlsplit(request.headers.get("HX-Current-URL", "")).path
    stays = here == urlsplit(target).path
    return HttpResponse(status=204, headers={"HX-Trigger": CHANGED} if stays else {"HX-Redirect": target})
