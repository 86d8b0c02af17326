"""The browser at hand as a way to be reached."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hikeshi.notify.actions import pushing
from hikeshi.web.account import browsers
from hikeshi.web.account.reader import Reader, proven_again
from hikeshi.web.submitting import submitted


class Device(forms.Form):
    """What the browser's push service gave it; a script fills it in."""

    endpoint = forms.CharField(max_length=500)
    p256dh = forms.CharField(max_length=100)
    auth = forms.CharField(max_length=40)


@require_POST
def key(request: Reader) -> HttpResponse:
    """POST: the desk makes its key at the first time anybody asks."""
    return JsonResponse({"key": pushing.prepare_push(by=request.actor)})


@proven_again
@require_http_methods(["GET", "POST"])
def subscribe(request: Reader) -> HttpResponse:
    """As for every other way: where calls go is not changed from a desk that somebody left open."""
    if request.method != "POST":
        return render(request, "web/account/push.html", {"title": _("Calls on this device")})
    form = Device(request.POST)
    device = browsers.name_of(request.headers.get("User-Agent", ""))
    if submitted(form, lambda it: pushing.subscribe(by=request.actor, device=device, **it)):
        messages.success(request, _("Calls are shown on this device from now on. Answer the first one: it is a test."))
    else:
        messages.error(request, _("This browser gave no address that calls could be sent to."))
    return redirect("account_ways")
