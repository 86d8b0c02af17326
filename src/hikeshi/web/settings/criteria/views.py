from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents import actions
from hikeshi.incidents.queries import criteria as written
from hikeshi.phrases import labels
from hikeshi.phrases.wording import told
from hikeshi.web import comparing
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.leaving import done
from hikeshi.web.ruling.forms import Review
from hikeshi.web.settings.criteria import forms, shown
from hikeshi.web.submitting import submitted


@require_GET
def criteria(request: SignedIn) -> HttpResponse:
    context = {"title": _("Criteria"), "keepings": written.keepings(request.actor)}
    return render(request, "web/settings/criteria.html", context)


@require_GET
def criterion(request: SignedIn, name: str) -> HttpResponse:
    whole = written.whole(request.actor, written.field_named(name))
    context = {"title": shown.title(name), "whole": whole, "texts": shown.texts(whole), "name": name}
    more = {"may_write": written.may_write(request.actor), "versions": shown.versions(whole)}
    return render(request, "web/settings/criterion.html", {**context, **more})


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, name: str) -> HttpResponse:
    written.must_write(request.actor)
    of = written.field_named(name)
    newest = written.whole(request.actor, of).newest
    form = forms.Write(of, newest.terms, newest.number, asked(request))
    if shown.kept(request.actor, form):
        messages.success(request, _("Saved. They are shown from now on."))
        return redirect("settings:criterion", name)
    context = {"title": _("Write the criteria: %(field)s") % {"field": shown.title(name)}, "form": form, "name": name}
    return render(request, "web/settings/edit_criteria.html", context, status=409 if form.conflict else status_of(form))


@require_http_methods(["GET", "POST"])
def review(request: SignedIn, name: str) -> HttpResponse:
    written.must_write(request.actor)
    of = written.field_named(name)
    form = Review(request.actor, written.whole(request.actor, of).line.owner, asked(request))
    if submitted(form, lambda values: actions.review_criteria(by=request.actor, criteria_of=of, **values)):  # type: ignore[arg-type]  # a date among them
        messages.success(request, _("Noted that you looked at it."))
        return done(request, "settings:criterion", name)
    context = {"title": told(_("Looked at %(code)s"), code=labels.label("criteria_field", of)), "form": form}
    return render(request, "web/settings/review_criteria.html", {**context, "name": name}, status=status_of(form))


@require_GET
def compare(request: SignedIn, name: str) -> HttpResponse:
    whole = written.whole(request.actor, written.field_named(name))
    one, other = comparing.two(whole.numbers, request.GET)
    parts = comparing.differing(*(shown.parts(whole, whole.version(number)) for number in (one, other)))
    context = {"title": told(_("Versions of %(code)s"), code=shown.title(name)), "name": name, "parts": parts}
    pair = {"numbers": whole.numbers, "one": one, "other": other}
    return render(request, "web/settings/compare_criteria.html", {**context, **pair})


@require_POST
def restore(request: SignedIn, name: str, number: int) -> HttpResponse:
    of = written.field_named(name)
    texts = written.whole(request.actor, of).version(number).terms
    why = _("As in version %(number)s.") % {"number": number}
    actions.write_criteria(by=request.actor, criteria_of=of, texts=texts, why=why)
    messages.success(request, _("Saved. They are shown from now on."))
    return redirect("settings:criterion", name)
