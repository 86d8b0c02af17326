from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikeshi.incidents.permissions import Verb
from hikeshi.incidents.readings import group as phase_words
from hikeshi.kernel.refusals import Invalid
from hikeshi.lists import actions, queries
from hikeshi.lists.terms import Looks, Terms
from hikeshi.phrases import refusals as sentences
from hikeshi.web import readings
from hikeshi.web.access import SignedIn, asked, status_of
from hikeshi.web.filters import answers, builder, forms, together, words
from hikeshi.web.leaving import done
from hikeshi.web.settings import changes
from hikeshi.web.settings.saving import saved as submitted_once
from hikeshi.web.submitting import submitted


@require_GET
def build(request: SignedIn) -> HttpResponse:
    carried = builder.carried(request.GET)
    try:
        draft, trouble = builder.read(request.GET), ""
    except Invalid as refusal:
        draft, trouble = builder.Draft(()), sentences.sentence(refusal)
    if draft.whole and ("show" in request.GET or "keep" in request.GET):
        target = "web:keep_filter" if "keep" in request.GET else "web:incidents"
        return redirect(f"{reverse(target)}?{builder.address(draft.asked, carried)}")
    phases = phase_words(readings.chosen(request))
    shown = builder.shown(draft, answers.choices(request.actor), phases)
    context = {"title": _("Filter"), "draft": draft, "shown": shown, "offered": builder.offered(), "carried": carried}
    status = 200 if draft.whole and not trouble else 422
    more = {"periods": builder.periods(), "trouble": trouble, "breadth": "broad"}
    return render(request, "web/lists/build.html", {**context, **more}, status=status)


@require_http_methods(["GET", "POST"])
def looks(request: SignedIn) -> HttpResponse:
    form = forms.Arranged(queries.shelf(request.actor).looks, asked(request))
    if submitted(form, lambda it: (actions.arrange(by=request.actor, **form.cleaned_data),)):
        return done(request, "web:incidents")
    return render(
        request, "web/lists/looks.html", {"title": _("Columns and order"), "form": form}, status=status_of(form)
    )


def in_words(request: SignedIn, terms: Sequence[Terms]) -> list[str]:
    """What each asks for; all that they name is looked up once."""
    phases = phase_words(readings.chosen(request))
    named = answers.named(request.actor, [cond for one in terms for cond in one.asked])
    return [words.sentence(one.asked, named, phases) for one in terms]


@require_GET
def shelf(request: SignedIn) -> HttpResponse:
    """Every filter the reader is offered, in words, and which of them they may change."""
    offered = queries.changeable(request.actor, queries.shelf(request.actor).kept)
    said = in_words(request, [one.terms for one, _may in offered])
    rows = [(one, words_of, may) for (one, may), words_of in zip(offered, said, strict=True)]
    return render(request, "web/lists/shelf.html", {"title": _("Filters that are kept"), "rows": rows})


@require_http_methods(["GET", "POST"])
def change(request: SignedIn) -> HttpResponse:
    """What would be refused is shown before anything is done."""
    request.actor.must(Verb.WORK)
    found = together.chosen(request)
    if not found.records:
        messages.error(request, _("Choose one record at least."))
        return redirect("web:incidents")
    form = together.Change(request.actor, found.records, asked(request))
    refs = [one.ref for one in found.records]
    ready = form.is_bound and form.is_valid()
    if ready and request.POST.get("do") == "sure":
        made = actions.change_together(by=request.actor, refs=refs, wish=form.wish, seen=together.seen(request.POST))
        return redirect("web:changed", made.uuid)
    trials = actions.try_together(by=request.actor, refs=refs, wish=form.wish) if ready else []
    context = {"title": _("Change several"), "form": form, "found": found, "lines": together.lines(trials)}
    return render(request, "web/lists/change.html", context, status=200 if ready else status_of(form))


@require_GET
def changed(request: SignedIn, batch: UUID) -> HttpResponse:
    view = queries.batch(request.actor, batch)
    items = [(one, one.refused and sentences.of_code(one.refused)) for one in view.items]
    context = {"title": _("Changed in one go"), "view": view, "items": items, "breadth": "broad"}
    return render(request, "web/lists/changed.html", context)


@require_POST
def undo(request: SignedIn, batch: UUID) -> HttpResponse:
    actions.undo_together(by=request.actor, batch=batch, reason=_("Taken back."))
    return redirect("web:changed", batch)


@require_http_methods(["GET", "POST"])
def keep(request: SignedIn) -> HttpResponse:
    sent = request.GET
    columns = tuple(one for one in sent.get("columns", "").split(",") if one)
    start = Terms("", sent.get("filter", ""), Looks(columns, sent.get("order", ""), sent.get("group", "")))
    form = forms.Keep(request.actor, asked(request), asked=start)
    made = submitted_once(form, lambda it: actions.save_filter(by=request.actor, **form.said))
    if made:
        messages.success(request, _("The filter is kept."))
        return redirect(f"{reverse('web:incidents')}?saved={made.uuid}")
    return render(request, "web/lists/keep.html", {"title": _("Keep this filter"), "form": form}, status=form.status)


@require_http_methods(["GET", "POST"])
def edit(request: SignedIn, saved: UUID) -> HttpResponse:
    kept = queries.kept(request.actor, saved)
    queries.must_change(request.actor, kept.row)
    now = kept.terms
    start = Terms(now.name, request.GET.get("filter", now.conditions), now.looks)
    form = forms.Keep(request.actor, asked(request), kept=kept, asked=start)
    if submitted_once(form, lambda it: actions.save_filter(by=request.actor, saved=saved, **form.said)):
        messages.success(request, _("The filter is kept."))
        return redirect(f"{reverse('web:incidents')}?saved={saved}")
    said = queries.history(request.actor, saved)
    asks = in_words(request, [one.terms for one in said.versions])
    names = [changes.name_of(one.made_by, said.names) for one in said.versions]
    versions = list(zip(said.versions, names, asks, strict=True))
    context = {"title": _("Change this filter"), "form": form, "kept": kept, "versions": versions}
    return render(request, "web/lists/edit.html", context, status=form.status)


@require_POST
def remove(request: SignedIn, saved: UUID) -> HttpResponse:
    actions.remove_filter(by=request.actor, saved=saved)
    messages.success(request, _("The filter is gone from the lists."))
    return redirect("web:filters")


@require_POST
def go_back(request: SignedIn, saved: UUID, number: int) -> HttpResponse:
    actions.restore_filter(by=request.actor, saved=saved, number=number)
    messages.success(request, _("Saved."))
    return redirect("web:edit_filter", saved)
