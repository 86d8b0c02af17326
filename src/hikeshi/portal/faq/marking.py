"""A reader's word on an answer, at the pace of one network."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from hikeshi.accounts.refusals import Wait
from hikeshi.incidents.reporting import Knock
from hikeshi.kernel.refusals import NotFound
from hikeshi.knowledge import actions
from hikeshi.knowledge.drafts import Mark
from hikeshi.phrases import refusals as sentences
from hikeshi.portal import doors


def meant(said: str) -> Mark:
    """Raises NotFound."""
    if said not in set(Mark):
        raise NotFound("mark")
    return Mark(said)


def marked(request: HttpRequest, answer: UUID, mark: Mark, voice: str) -> bool:
    """False where it came too fast: the page says so. Raises NotFound."""
    reader = getattr(request, "actor", None)
    try:
        doors.paced(
            request,
            Knock.ALSO,
            lambda: actions.mark_answer(by=doors.DESK, answer=answer, mark=mark, place=voice, reader=reader),
            counts=lambda changed: changed,
        )
    except Wait as refusal:
        messages.error(request, sentences.sentence(refusal))
        return False
    return True
