from datetime import datetime
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from hikeshi.chat import acting, rendering
from hikeshi.chat.arriving import Arrived, Kind, Sent, Unusable
from hikeshi.chat.makers import line_works, mattermost, slack, teams
from hikeshi.kernel import clock
from hikeshi.rooms import actions, queries
from hikeshi.rooms.makers import SPOKEN_TO, Maker
from hikeshi.rooms.queries import Door

LONGEST: Final = 100_000
READERS: Final = {
    Maker.SLACK: slack.read,
    Maker.MATTERMOST: mattermost.read,
    Maker.TEAMS: teams.read,
    Maker.LINE_WORKS: line_works.read,
}


@csrf_exempt  # no browser comes here: each request carries its own proof
@never_cache
@require_POST
def door(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Everything one workspace sends. What is done is done and kept before the answer leaves: tools wait 3 seconds."""
    found = queries.door(workspace)
    if found is None:
        return _turned_away(Unusable(404, "not_here"))
    try:
        arrived = _arrived(found, request, clock.now())
    except Unusable as unusable:
        return _turned_away(unusable)
    return _answer(found, arrived)


@sensitive_variables()
def _arrived(found: Door, request: HttpRequest, now: datetime) -> Arrived:
    """Raises Unusable."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LONGEST:
        raise Unusable(413, "too_large")
    headers = {name.lower(): value for name, value in request.headers.items()}
    sent = Sent(headers, (request.content_type or "").lower(), request.body, now)
    arrived = READERS[found.maker](found, sent)
    if arrived.kind in {Kind.COMMAND, Kind.MARK, Kind.POINTED} and not arrived.who:
        raise Unusable(400, "nobody")
    return arrived


def _turned_away(unusable: Unusable) -> HttpResponse:
    return JsonResponse({"error": unusable.code}, status=unusable.status)


def _answer(found: Door, arrived: Arrived) -> HttpResponse:
    if arrived.kind is Kind.CHALLENGE:
        return HttpResponse(arrived.text[:500], content_type="text/plain")
    if arrived.kind is Kind.NOTHING:
        return HttpResponse(status=200)
    reply = acting.act(found, arrived)
    if reply is None:
        return HttpResponse(status=200)
    if arrived.kind is not Kind.COMMAND:
        return HttpResponse(
            status=200
        )  # Slack shows no answer to a shortcut or a reaction; the note itself is in the timeline
    if found.maker in SPOKEN_TO:
        text = rendering.text_of(reply, found.maker)
        actions.answer(by=acting.DESK, workspace=found.uuid, who=arrived.who, text=text, key=arrived.key)
        return HttpResponse(status=200)
    return rendering.answered(reply, found.maker)
