from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from hikeshi.finding import queries
from hikeshi.kernel.refusals import Invalid
from hikeshi.knowledge import queries as knowledge
from hikeshi.web.access import SignedIn
from hikeshi.web.filtering import LIMIT, cursor_of
from hikeshi.web.search.forms import Box


@require_GET
def search(request: SignedIn) -> HttpResponse:
    ref = queries.jump(request.actor, request.GET.get("q", ""))
    if ref and "HX-Request" not in request.headers:  # somebody who is still typing is not taken away
        return redirect("web:room", ref)
    box = Box(request.GET)
    context = {"title": _("Search"), "box": box, "jump": ref, "standing": queries.standing()}
    return render(request, "web/search/search.html", context | _found(request, box), status=422 if box.errors else 200)


def _answers(request: SignedIn, typed: str) -> list[knowledge.Read]:
    """What is published for whoever asks at the portal, in the reader's language."""
    return knowledge.nearest(request.actor, typed, get_language() or "ja")


def _found(request: SignedIn, box: Box) -> dict[str, object]:
    """The first few of each kind; of one kind, page by page."""
    try:
        if not box.kind:
            return {"groups": queries.glance(request.actor, box.typed), "answers": _answers(request, box.typed)}
        found = queries.find(request.actor, box.typed, types=[box.kind], cursor=cursor_of(request), limit=LIMIT)
    except Invalid as refusal:
        box.refuse(refusal)
        return {}
    page = found.page
    return {"page": page, "next": box.query(cursor=page.next or ""), "first": box.query(), "cursor": cursor_of(request)}
