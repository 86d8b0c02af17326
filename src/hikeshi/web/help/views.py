from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from hikeshi.web import written
from hikeshi.web.access import SignedIn
from hikeshi.web.help import guide


@require_GET
def page(request: SignedIn, name: str = "") -> HttpResponse:
    language = (get_language() or "en")[:2]
    shown = guide.page(language, name)
    context = {"title": shown.title, "name": name, "text": written.html(shown.text)}
    return render(request, "web/help/page.html", {**context, "pages": guide.pages(language).values()})
