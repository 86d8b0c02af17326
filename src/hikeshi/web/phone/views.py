import secrets

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hikeshi.incidents import actions, follow_codes
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.web import asking
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.phone.forms import Call
from hikeshi.web.submitting import submitted


@never_cache
@require_http_methods(["GET", "POST"])
def log(request: SignedIn) -> HttpResponse:
    """The code is shown in answer to the form and nowhere else: posted again, it is the same call."""
    request.actor.must(Verb.OPEN)
    of = asking.wanted(request)
    form = Call(by=request.actor, data=asked(request), of=of)
    received = submitted(form, lambda said: form.log(request.actor))
    if received:
        title = _("Call logged as %(ref)s") % {"ref": received.incident.ref}
        return _code(request, title, received.incident.ref, received.code)
    context = {"title": _("Log a call"), "form": form, "offered": asking.offered(request, of)}
    return render(request, "web/phone/log.html", context, status=status_of(form))


def _code(request: SignedIn, title: str, ref: str, code: str) -> HttpResponse:
    context = {"title": title, "ref": ref, "code": code, "spelt": follow_codes.spelt(code)}
    return render(request, "web/phone/code.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def new_code(request: SignedIn, ref: str) -> HttpResponse:
    """For a reporter who lost theirs."""
    record = incidents.incident(request.actor, ref)
    request.actor.must(Verb.WORK, record.organisation_id)
    if request.method == "POST":
        code = actions.renew_follow_code(by=request.actor, ref=ref, nonce=request.POST.get("nonce", ""))
        return _code(request, _("New follow code"), record.ref, code)
    context = {"title": _("Give a new follow code"), "ref": record.ref, "nonce": secrets.token_hex(16)}
    return render(request, "web/phone/new_code.html", context)
