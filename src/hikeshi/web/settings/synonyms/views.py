from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hikeshi.finding import actions, queries
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.settings.saving import saved
from hikeshi.web.settings.synonyms.forms import Groups


@require_http_methods(["GET", "POST"])
def synonyms(request: SignedIn) -> HttpResponse:
    versions = queries.versions(request.actor)
    form = Groups(versions[0], asked(request))
    if saved(form, lambda said: (actions.set_synonyms(by=request.actor, **form.cleaned_data),)):
        messages.success(request, _("Saved."))
        return redirect("settings:synonyms")
    context = {"title": _("Words that mean the same"), "form": form, "versions": versions}
    return render(request, "web/settings/synonyms.html", context, status=form.status)


@require_POST
def go_back(request: SignedIn, number: int) -> HttpResponse:
    actions.restore_synonyms(by=request.actor, number=number)
    messages.success(request, _("Saved."))
    return redirect("settings:synonyms")
