"""The page that a call's link opens: signed out, in the language of whoever was called, one thumb wide."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from hikeshi.kernel.acting import Actor, system
from hikeshi.kernel.refusals import NotAllowed, Refusal
from hikeshi.notify import actions, answering, composing
from hikeshi.notify.answering import Asking, Still
from hikeshi.notify.answers import Standing
from hikeshi.notify.messages import Purpose
from hikeshi.phrases import labels
from hikeshi.phrases import refusals as sentences
from hikeshi.portal.rendering import shown

DESK: Final[Actor] = system("links")
ALL: Final = "all"
"""Takes what else the same message told of, too."""
MAIN: Final = frozenset({"acknowledge", "here"})
"""The answer most people mean; the others stand beneath it."""
PRIVATE: Final = {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
"""The referrer stays within the desk as on every page. Without any, browsers post "Origin: null", which is refused."""


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    name: str
    main: bool


def page(request: HttpRequest, asked: Asking, *, wrong: str = "", status: int = 200) -> HttpResponse:
    with composing.speaking(asked.to.language, asked.to.zone):
        other, stands = _other(request, asked), None if asked.choices else answering.standing(asked)
        beside = () if other else answering.beside(asked)
        context = {
            "title": _title(asked, stands),
            "stands": stands,
            "link": asked.words.link if asked.words else stands.link if stands else "",
            "asked": asked,
            "queued_at": asked.delivery.outgoing.queued_at,
            "given": [_given(asked, code) for code in asked.given],
            "choices": [] if other else _choices(asked),
            "beside": [one.words.title for one in beside if one.words],
            "all": len(beside) + (composing.TAKEN in asked.choices),
            "taken": answering.taken_beside(asked),
            "state": "" if asked.still is Still.OPEN or asked.given else labels.label("message_state", asked.still),
            "other": other,
            "wrong": wrong,
        }
        response = shown(request, "portal/answer.html", context, status=status)
    for name, value in PRIVATE.items():
        response.headers[name] = value
    return response


def _title(asked: Asking, stands: Standing | None) -> str:
    if asked.words:
        return asked.words.title
    return stands.title if stands else labels.label("message_state", asked.still)


def _given(asked: Asking, code: str) -> tuple[str, str]:
    """The answer, and what comes of it."""
    page = asked.delivery.outgoing.purpose == Purpose.PAGE
    return labels.label("message_choice", code), labels.label("message_after", code) if page else ""


def given(request: HttpRequest, token: str, asked: Asking) -> HttpResponse:
    """After an answer the page is shown anew: reloading it answers nothing twice."""
    try:
        if _other(request, asked):
            raise NotAllowed("answer")
        _answer(token, request.POST.get("choice", ""))
    except Refusal as refusal:
        with composing.speaking(asked.to.language, asked.to.zone):
            wrong = sentences.sentence(refusal)
        return page(request, answering.asking(token), wrong=wrong, status=422)
    return redirect("answer:one", token)


def _answer(token: str, choice: str) -> None:
    if choice == ALL:
        actions.answer_all(by=DESK, token=token)
    else:
        actions.answer(by=DESK, token=token, choice=choice)


def _choices(asked: Asking) -> list[Choice]:
    return [Choice(code, labels.label("message_choice", code), code in MAIN) for code in asked.choices]


def _other(request: HttpRequest, asked: Asking) -> str:
    """The name of somebody else who is signed in here: a forwarded link does not act for them."""
    if not request.user.is_authenticated:
        return ""
    mine = answering.owner_uuid(asked.delivery.outgoing.to)
    return "" if mine is not None and request.user.uuid == mine else request.user.name
