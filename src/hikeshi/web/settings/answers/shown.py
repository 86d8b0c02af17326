"""What the pages of the answers show."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from hikeshi.intake.queries import ruling
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.versions import History, Version
from hikeshi.knowledge import actions, queries
from hikeshi.knowledge.drafts import AnswerDraft, written
from hikeshi.knowledge.queries import Answer, AnswerVersion, Line
from hikeshi.phrases import labels
from hikeshi.web.access import SignedIn
from hikeshi.web.settings import changes
from hikeshi.web.settings.answers.forms import Stands, Write
from hikeshi.web.settings.saving import saved

Whole = History[Answer, AnswerDraft]
NAMES = {
    "question_ja": _("Question in Japanese"),
    "question_en": _("Question in English"),
    "answer_ja": _("Answer in Japanese"),
    "answer_en": _("Answer in English"),
    "keywords": _("Other words for it"),
    "audience": _("Who reads it"),
    "owner": _("Owner"),
    "review": _("Look at it again by"),
}


ORDERS: Mapping[str, Callable[[Line], tuple[int, str]]] = {
    "solved": lambda one: (-one.solved, ""),
    "unhelped": lambda one: (-one.unhelped, ""),
    "review": lambda one: (one.said.review is None, str(one.said.review)),
}
"""By the column; else the newest first, or the nearest to the words."""


def lines(by: Actor, filters: Stands) -> list[tuple[Line, str]]:
    """With their owners' names."""
    picked = filters.picked
    found = queries.lines(by, q=str(picked.get("q", "")), stand=str(picked.get("stand", "")))
    order = ORDERS.get(str(picked.get("order", "")))
    arranged = sorted(found, key=order) if order else found
    owners = ruling.owner_names(by, {one.said.owner for one in arranged})
    return [(one, owners.get(one.said.owner, "")) for one in arranged]


def listed(by: Actor, filters: Stands) -> dict[str, object]:
    """``any``: whether there is one at all."""
    found = lines(by, filters)
    return {"lines": found, "any": bool(found or filters.picked)}


def owner(by: Actor, whole: Whole) -> str:
    said = whole.newest.terms.owner
    return ruling.owner_names(by, {said}).get(said, "")


def versions(whole: Whole) -> list[tuple[Version[AnswerDraft], str]]:
    return [(one, changes.name_of(one.made_by, whole.names)) for one in whole.versions]


def parts(by: Actor, version: Version[AnswerDraft]) -> Mapping[str, str]:
    said = written(version.terms)
    said["audience"] = labels.label("answer_audience", said["audience"])
    said["owner"] = ruling.owner_names(by, {said["owner"]}).get(said["owner"], "")
    return {str(NAMES[name]): text for name, text in said.items()}


def kept(request: SignedIn, form: Write, answer: UUID | None) -> AnswerVersion | None:
    def write(said: dict[str, str]) -> AnswerVersion:
        version = form.cleaned_data["version"] if answer else None
        return actions.write_answer(
            by=request.actor, draft=form.draft(), answer=answer, why=said["why"], version=version
        )

    return saved(form, write)


def page(request: SignedIn, form: Write, title: str, answer: UUID | None = None) -> HttpResponse:
    context = {"title": title, "form": form, "of": answer}
    return render(request, "web/settings/answers/edit.html", context, status=form.status)
