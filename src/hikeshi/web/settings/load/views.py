from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from hikeshi.load import actions, queries
from hikeshi.load.book import Book, Rule
from hikeshi.load.permissions import Verb
from hikeshi.phrases import refusals
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.settings import changes
from hikeshi.web.settings.load import forms, shown
from hikeshi.web.settings.ordering import one_up
from hikeshi.web.settings.saving import saved
from hikeshi.web.submitting import submitted


@require_GET
def settings(request: SignedIn) -> HttpResponse:
    found = queries.settings(request.actor)
    context = {
        "title": _("Load and assignment"),
        "book": found.book,
        "lines": shown.lines(request.actor, found.book),
        "may_configure": queries.may_configure(request.actor),
        "changed": changes.by(found.made_by, found.at) if found.at else None,
    }
    return render(request, "web/settings/load.html", context)


def _configuring(by: Actor) -> Book:
    if not queries.may_configure(by):
        raise NotAllowed(Verb.CONFIGURE)
    return queries.settings(by).book


def _known(book: Book, code: str) -> Rule:
    found = book.rule(code)
    if found is None:
        raise NotFound("rule")
    return found


@require_http_methods(["GET", "POST"])
def skills(request: SignedIn) -> HttpResponse:
    book = _configuring(request.actor)
    form = forms.Skills(asked(request), initial={"skills": forms.lines(book.skills)})
    act = submitted(form, lambda it: [actions.set_skills(by=request.actor, skills=it["skills"].splitlines())])
    if act:
        messages.success(request, _("Saved."))
        return redirect("settings:load")
    context = {"title": _("Skills"), "form": form}
    return render(request, "web/settings/load_form.html", context, status=status_of(form))


@require_http_methods(["GET", "POST"])
def limits(request: SignedIn) -> HttpResponse:
    book = _configuring(request.actor)
    form = forms.LimitsForm(asked(request), initial=forms.limits_starting(book.limits))
    if submitted(form, lambda it: [actions.set_limits(by=request.actor, **it)]):  # type: ignore[arg-type]  # numbers
        messages.success(request, _("Saved."))
        return redirect("settings:load")
    context = {"title": _("When a queue is too much"), "form": form}
    return render(request, "web/settings/load_form.html", context, status=status_of(form))


@require_POST
def automatic_on(request: SignedIn) -> HttpResponse:
    try:
        actions.switch_automatic(by=request.actor, on=True)
        messages.success(request, _("Switched on: records opened from now on are given to people by these rules."))
    except Invalid as refusal:
        messages.error(request, refusals.sentence(refusal))
    return redirect("settings:load")


@require_POST
def automatic_off(request: SignedIn) -> HttpResponse:
    actions.switch_automatic(by=request.actor, on=False)
    messages.success(request, _("Switched off. The rules are still asked for proposals."))
    return redirect("settings:load")


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    names = _configuring(request.actor).names
    form = forms.RuleForm(request.actor, names, asked(request), initial={"shift": "required", "to_priority": 5})
    added = saved(form, lambda it: actions.add_rule(by=request.actor, draft=form.draft()))
    if added:
        messages.success(request, _("The rule was added, last in order. Try it with a record."))
        return redirect("settings:load_rule", added.code)
    context = {"title": _("New rule of assignment"), "form": form}
    return render(request, "web/settings/load_rule.html", context, status=form.status)


@require_http_methods(["GET", "POST"])
def rule(request: SignedIn, code: str) -> HttpResponse:
    book = _configuring(request.actor)
    known = _known(book, code)
    form = forms.RuleForm(request.actor, book.names, asked(request), initial=forms.rule_starting(known))
    if saved(form, lambda it: _change(request.actor, code, form)):
        messages.success(request, _("Saved."))
        return redirect("settings:load")
    context = {"title": _("Rule of assignment"), "form": form, "rule": known, "trial": forms.DryRun()}
    return render(request, "web/settings/load_rule.html", context, status=form.status)


def _change(by: Actor, code: str, form: forms.RuleForm) -> object:
    return actions.change_rule(by=by, code=code, draft=form.draft(), version=form.cleaned_data["version"])


@require_GET
def dry_run(request: SignedIn, code: str) -> HttpResponse:
    known = _known(queries.settings(request.actor).book, code)
    form = forms.DryRun(request.GET if "ref" in request.GET else None)
    found = submitted(form, lambda it: _tried(request.actor, code, it["ref"]))
    context = {"title": _("Try: %(name)s") % {"name": known.name}, "rule": known, "form": form, "tried": found}
    return render(request, "web/settings/load_try.html", context, status=200 if found else status_of(form))


def _tried(by: Actor, code: str, ref: str) -> shown.Tried:
    try:
        return shown.tried(queries.try_rule(by, code, ref))
    except NotFound as error:
        raise Invalid("ref", "unknown") from error


@require_POST
def rule_on(request: SignedIn, code: str) -> HttpResponse:
    actions.switch_rule(by=request.actor, code=code, on=True)
    return redirect("settings:load")


@require_POST
def rule_off(request: SignedIn, code: str) -> HttpResponse:
    actions.switch_rule(by=request.actor, code=code, on=False)
    return redirect("settings:load")


@require_POST
def remove(request: SignedIn, code: str) -> HttpResponse:
    actions.remove_rule(by=request.actor, code=code)
    messages.success(request, _("The rule was removed."))
    return redirect("settings:load")


@require_POST
def up(request: SignedIn, code: str) -> HttpResponse:
    order = one_up((one.code for one in queries.settings(request.actor).book.rules), code)
    actions.order_rules(by=request.actor, codes=order)
    return redirect("settings:load")
