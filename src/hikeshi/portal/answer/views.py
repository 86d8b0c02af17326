from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hikeshi.notify import answering
from hikeshi.portal.answer import giving


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Mail scanners and previews look at it as often as they like: looking answers nothing."""
    asked = answering.asking(token)
    if request.method == "POST":
        return giving.given(request, token, asked)
    if request.method == "GET":
        answering.note_opened(asked, giving.DESK)
    return giving.page(request, asked)
