from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed
from hikeshi.oncall import actions
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.escalation import Circumstances
from hikeshi.oncall.permissions import Verb
from hikeshi.oncall.queries import policies as kept
from hikeshi.oncall.queries import trying
from hikeshi.web.access import SignedIn, asked
from hikeshi.web.escalation import forms, shown
from hikeshi.web.settings.ordering import one_up
from hikeshi.web.settings.saving import saved


@require_GET
def policies(request: SignedIn) -> HttpResponse:
    page = shown.policies(request.actor, get_language() or "ja")
    return render(request, "web/escalation/policies.html", {"title": _("Escalation"), "page": page})


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    _must_manage(request.actor)
    return _drawn(request, forms.Drawing(request.actor, asked(request)), None, _("New escalation policy"))


@require_http_methods(["GET", "POST"])
def policy(request: SignedIn, policy: UUID) -> HttpResponse:
    row = kept.policy(request.actor, policy)
    _must_manage(request.actor)
    return _drawn(request, forms.Drawing(request.actor, asked(request), row), row, row.name)


def _drawn(request: SignedIn, drawing: forms.Drawing, row: kept.Policy | None, title: str) -> HttpResponse:
    steps = drawing.drawn()
    done = None if steps is None else saved(drawing.form, lambda it: _save(request.actor, drawing, steps, row, it))
    if done is not None:
        messages.success(request, _("Saved. Calls under way keep the plan they began with."))
        return redirect("settings:escalation")
    context = {"title": title, "drawing": drawing, "form": drawing.form, "row": row}
    context |= {"relied": shown.relied(row) if row else ()}
    return render(request, "web/escalation/policy.html", context, status=drawing.status)


def _save(
    by: Actor, drawing: forms.Drawing, steps: tuple[StepDraft, ...], row: kept.Policy | None, it: dict[str, str]
) -> object:
    draft, why = drawing.draft(it, steps), it["why"]
    try:
        if row is None:
            return actions.add_policy(by=by, written=draft, why=why)
        return actions.edit_policy(by=by, policy=row.uuid, written=draft, version=int(it["version"] or 0), why=why)
    except Invalid as refusal:
        raise drawing.refuse(refusal) from refusal


@require_POST
def retire(request: SignedIn, policy: UUID) -> HttpResponse:
    return _retired(request, policy, _("Taken out of use. Calls under way go on."), retired=True)


@require_POST
def restore(request: SignedIn, policy: UUID) -> HttpResponse:
    return _retired(request, policy, _("Back in use."), retired=False)


def _retired(request: SignedIn, policy: UUID, said: str, *, retired: bool) -> HttpResponse:
    try:
        actions.retire_policy(by=request.actor, policy=policy, retired=retired)
        messages.success(request, said)
    except Invalid as refusal:
        messages.error(request, shown.refused(refusal))
    return redirect("settings:escalation")


@require_POST
def up(request: SignedIn, policy: UUID) -> HttpResponse:
    order = one_up(kept.policies(request.actor).filter(retired_at__isnull=True).values_list("uuid", flat=True), policy)
    actions.order_policies(by=request.actor, policies=order)
    return redirect("settings:escalation")


@require_http_methods(["GET", "POST"])
def executives(request: SignedIn) -> HttpResponse:
    _must_manage(request.actor)
    initial = {"who": forms.spelled(kept.executives()), "version": kept.executives_version()}
    form = forms.Executives(request.actor, asked(request), initial=initial)
    if saved(form, lambda it: _name(request.actor, it)):
        messages.success(request, _("Saved."))
        return redirect("settings:escalation")
    context = {"title": _("Executives"), "form": form, "back": "settings:escalation"}
    return render(request, "web/settings/versioned.html", context, status=form.status)


def _name(by: Actor, it: dict[str, str]) -> object:
    target = forms.read_target(it["who"])
    version = int(it["version"]) if it["version"] not in {None, ""} else None
    return actions.name_executives(by=by, who=target, version=version)


@require_GET
def dry_run(request: SignedIn) -> HttpResponse:
    request.actor.must(Verb.VIEW)
    form = forms.Try(request.actor, request.GET or None, initial={"at": clock.now(), "priority": 1})
    context = {"title": _("Who would be called?"), "form": form}
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        case = Circumstances(said["priority"], said["kind"], said["organisation"])
        found = trying.dry_run(request.actor, case, said["at"], language=get_language() or "ja")
        context |= {"found": found, "lines": shown.lines(request.actor, found), **shown.chosen(request.actor, found)}
    return render(request, "web/escalation/try.html", context, status=422 if form.errors else 200)


def _must_manage(by: Actor) -> None:
    if not kept.may_manage(by):
        raise NotAllowed(Verb.MANAGE)
