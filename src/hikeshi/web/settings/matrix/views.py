from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.vocabularies import Subject
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import NotAllowed
from hikeshi.web import comparing
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.settings import changes, versions
from hikeshi.web.settings.matrix import compared, forms
from hikeshi.web.settings.saving import saved
from hikeshi.web.submitting import submitted


@require_GET
def matrix(request: SignedIn) -> HttpResponse:
    now, made = incidents.matrix(), incidents.matrices(request.actor)
    preset = forms.Preset(request.GET if "preset" in request.GET else None)
    grid = actions.usable(preset=preset.cleaned_data["preset"]) if preset.is_bound and preset.is_valid() else now.grid
    context = {
        **_page(request.actor),
        "form": forms.Matrix(initial=forms.starting(grid, now.number)),
        "preset": preset,
        "made": made,
        "changed": changes.Change(made[0].who, made[0].row.at) if made else None,
        "waiting": incidents.preview(request.actor, now.grid) if incidents.may_configure(request.actor) else None,
    }
    return render(request, "web/settings/matrix.html", context)


def _page(by: Actor) -> dict[str, object]:
    return {"title": _("Priority matrix"), "now": incidents.matrix(), "may_configure": incidents.may_configure(by)}


@require_POST
def look(request: SignedIn) -> HttpResponse:
    """What the matrix that was typed would change, before it is saved; or saves it, once that was seen."""
    form = forms.Matrix(request.POST)
    found = submitted(form, lambda it: incidents.preview(request.actor, actions.usable(grid=form.grid())))
    wanted = found is not None and "save" in request.POST
    done = saved(form, lambda it: _save(request.actor, form)) if wanted else None
    if done is not None:
        messages.success(request, _("The matrix is in force."))
        return redirect("settings:matrix")
    context = {**_page(request.actor), "form": form, "found": found, "preset": forms.Preset()}
    return render(request, "web/settings/matrix.html", context, status=form.status)


def _save(by: Actor, form: forms.Matrix) -> object:
    return actions.set_matrix(by=by, grid=form.grid(), version=form.cleaned_data["version"])


@require_GET
def compare(request: SignedIn) -> HttpResponse:
    known = compared.grids(incidents.matrices(request.actor))
    one, other = comparing.two(list(known), request.GET)
    parts = comparing.differing(compared.parts(known[one]), compared.parts(known[other]))
    context = {"title": _("Versions of the priority matrix"), "numbers": list(known), "parts": parts}
    return render(request, "web/settings/compare_matrix.html", {**context, "one": one, "other": other})


@require_http_methods(["GET", "POST"])
def rejudge(request: SignedIn) -> HttpResponse:
    waiting = incidents.preview(request.actor, incidents.matrix().grid)
    form = forms.Rejudge(asked(request))
    done = submitted(form, lambda it: [actions.rejudge_all(by=request.actor, reason=it["reason"])])
    if done:
        messages.success(request, _("Records judged anew: %(count)s") % {"count": done[0]})
        return redirect("settings:matrix")
    context = {"title": _("Judge open records anew"), "form": form, "found": waiting}
    return render(request, "web/settings/rejudge.html", context, status=status_of(form))


@require_POST
def go_back(request: SignedIn, number: int) -> HttpResponse:
    actions.restore_matrix(by=request.actor, number=number)
    messages.success(request, _("The earlier version is in force again, as a new one."))
    return redirect("settings:matrix")


@require_http_methods(["GET", "POST"])
def words(request: SignedIn) -> HttpResponse:
    if not incidents.may_configure(request.actor):
        raise NotAllowed(Verb.CONFIGURE)
    form = forms.Words(asked(request), initial=forms.words_now(incidents.latest(Subject.LEVELS)))
    if saved(form, lambda it: _word(request.actor, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:matrix")
    context = {"title": _("Words for the levels"), "form": form, **versions.known(request.actor, Subject.LEVELS)}
    return render(request, "web/settings/words.html", context, status=form.status)


def _word(by: Actor, it: dict[str, str]) -> object:
    version = int(it["version"]) if it["version"] not in {None, ""} else None
    return actions.word_levels(by=by, words=forms.words_said(it), version=version)
