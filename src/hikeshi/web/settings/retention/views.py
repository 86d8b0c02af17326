from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from hikeshi.incidents import queries as incidents
from hikeshi.kernel.acting import Actor
from hikeshi.retention import actions, queries
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.account.reader import proven_again
from hikeshi.web.settings import changes
from hikeshi.web.settings.retention import forms, shown
from hikeshi.web.settings.saving import saved


@require_GET
def retention(request: SignedIn) -> HttpResponse:
    language = get_language() or "ja"
    rows = [shown.line(one, language) for one in queries.kept(request.actor)]
    last = queries.last_change(request.actor)
    context = {
        "title": _("Keeping and deleting data"),
        "lines": rows,
        "held": incidents.held_records(request.actor),
        "changed": changes.by(*last) if last else None,
    }
    return render(request, "web/settings/retention.html", context)


@proven_again
@require_http_methods(["GET", "POST"])
def period(request: SignedIn, category: str) -> HttpResponse:
    kept = queries.kept_of(request.actor, category)
    form = forms.Period(asked(request), initial={"days": kept.days, "version": kept.version})
    if saved(form, lambda it: _save(request.actor, category, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:retention")
    line = shown.line(kept, get_language() or "ja")
    context = {"title": line.name, "line": line, "form": form}
    return render(request, "web/settings/period.html", context, status=form.status)


def _save(by: Actor, category: str, said: dict[str, str]) -> object:
    days = int(said["days"]) if said["days"] else None
    version = int(said["version"]) if said["version"] != "" and said["version"] is not None else None
    return actions.set_period(by=by, category=category, days=days, sure=bool(said["sure"]), version=version)
