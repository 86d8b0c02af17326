from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents.queries import criteria
from hikeshi.intake import actions
from hikeshi.intake.queries import ruling
from hikeshi.phrases.wording import told
from hikeshi.web import comparing
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.filtering import cursor_of
from hikeshi.web.leaving import done
from hikeshi.web.ruling import forms, shown
from hikeshi.web.ruling.editing import Editor
from hikeshi.web.submitting import submitted


@require_GET
def rules(request: SignedIn) -> HttpResponse:
    filters = forms.Filters(request.GET)
    page = shown.page(request.actor, ruling.lines(request.actor, **filters.wanted), cursor_of(request))
    context = {"title": _("Rules"), "filters": filters, "page": page, "next": filters.next_query(page.next)}
    more = {"problems": ruling.problems(request.actor), "unmatched": shown.unmatched(request.actor)}
    may = {"may_write": ruling.may_write(request.actor), "criteria_due": criteria.due(request.actor)}
    return render(request, "web/ruling/rules.html", {**context, **more, **may})


@require_GET
def rule(request: SignedIn, code: str) -> HttpResponse:
    whole = ruling.rule(request.actor, code)
    page = shown.RulePage(request.actor, whole, get_language() or "en")
    context = {"title": page.title, "rule": page, "line": whole.line, "may_write": ruling.may_write(request.actor)}
    return render(request, "web/ruling/rule.html", context)


@require_http_methods(["GET", "POST"])
def new(request: SignedIn) -> HttpResponse:
    editor = Editor(
        request.actor, data=asked(request), like=request.GET.get("like", ""), similar="similar" in request.GET
    )
    if editor.saved():
        messages.success(request, _("Saved as a draft. It judges nothing until it is switched on."))
        return redirect("web:rule", editor.code)
    context = {"title": _("New rule"), "editor": editor, "form": editor.form}
    return render(request, "web/ruling/edit.html", context, status=editor.status)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, code: str) -> HttpResponse:
    editor = Editor(request.actor, code, asked(request), request.GET.get("except", ""))
    if editor.saved():
        messages.success(request, _("Saved as a new version. It judges nothing until it is switched on."))
        return redirect("web:rule", code)
    title = told(_("Rewrite the rule %(code)s"), code=shown.named(ruling.rule(request.actor, code)))
    context = {"title": title, "editor": editor, "form": editor.form}
    return render(request, "web/ruling/edit.html", context, status=editor.status)


@require_http_methods(["GET", "POST"])
def switch_on(request: SignedIn, code: str) -> HttpResponse:
    wish = shown.Switching(request.actor, code, request.GET.get("version", ""), asked(request))
    if wish.done():
        messages.success(request, _("The rule is on. It judges from the next alert."))
        return redirect("web:rule", code)
    context = {"title": told(_("Switch on %(code)s"), code=wish.title), "wish": wish, "trial": wish.trial}
    return render(request, "web/ruling/switch.html", context, status=wish.status)


@require_POST
def switch_off(request: SignedIn, code: str) -> HttpResponse:
    actions.switch_rule_off(by=request.actor, code=code)
    messages.success(request, _("The rule is off. What it judged stays as it is."))
    return done(request, "web:rule", code)


@require_http_methods(["GET", "POST"])
def review(request: SignedIn, code: str) -> HttpResponse:
    ruling.must_write(request.actor)
    whole = ruling.rule(request.actor, code)
    form = forms.Review(request.actor, whole.line.owner, asked(request))
    if submitted(form, lambda values: actions.review_rule(by=request.actor, code=code, **values)):  # type: ignore[arg-type]  # a date among them
        messages.success(request, _("Noted that you looked at it."))
        return done(request, "web:rule", code)
    context = {"title": told(_("Looked at %(code)s"), code=shown.named(whole)), "form": form, "code": code}
    return render(request, "web/ruling/review.html", context, status=status_of(form))


@require_GET
def compare(request: SignedIn, code: str) -> HttpResponse:
    whole = ruling.rule(request.actor, code)
    one, other = comparing.two(whole.numbers, request.GET, before=shown.before(whole))
    parts = comparing.differing(*(shown.parts(whole.version(number).terms) for number in (one, other)))
    context = {"title": told(_("Versions of %(code)s"), code=shown.named(whole)), "rule": whole, "parts": parts}
    return render(request, "web/ruling/compare.html", {**context, "numbers": whole.numbers, "one": one, "other": other})


@require_POST
def restore(request: SignedIn, code: str, number: int) -> HttpResponse:
    terms = ruling.rule(request.actor, code).version(number).terms
    why = _("As in version %(number)s.") % {"number": number}
    actions.save_rule(by=request.actor, code=code, terms=terms, why=why)
    messages.success(request, _("Saved as a new version. It judges nothing until it is switched on."))
    return redirect("web:rule", code)
