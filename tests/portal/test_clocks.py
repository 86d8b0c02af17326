"""By whichever door a reporter writes, the clocks hear the same; and whoever answers them stops the clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from hikeshi.incidents.models import Incident, Message
from hikeshi.service_levels.codes import Measure, State
from tests import world
from tests.domains.clocks import clock_of, promised
from tests.portal.reporting import stamp_of
from tests.portal.test_conversation import mori, reported


def _words(question: str) -> dict[str, object]:
    return {"text": "It was billing@example.com", "question": ""}


def _answer(question: str) -> dict[str, object]:
    return {"text": "It was billing@example.com", "question": question}


def _file(question: str) -> dict[str, object]:
    return {"attached": SimpleUploadedFile("screen.png", b"png")}


@pytest.mark.parametrize("typed", [_words, _answer, _file])
def test_a_reporter_who_writes_ends_the_wait_for_them_and_starts_the_clock_of_the_answer(
    typed: Callable[[str], dict[str, object]],
) -> None:
    world.clock.freeze(world.clock.now())
    promised(minutes=600, always_to=5)
    promised(Measure.ANSWER, minutes=60, always_to=5)
    reporter, report, room = reported()
    browser = mori()
    browser.post(f"{room}reply", {"text": "Which sender?", "sort": "question"})
    browser.post(f"{room}wait", {"waiting": "reporter"})
    record = Incident.objects.get()
    waits = clock_of(record)
    assert (waits.state, clock_of(record, Measure.ANSWER).state) == (State.PAUSED, State.MET)
    world.clock.fast_forward(timedelta(minutes=30))
    stamp = stamp_of(reporter.get(report))
    question = str(Message.objects.get(asks=True).uuid)
    assert reporter.post(f"{report}write", {**typed(question), "stamp": stamp}).status_code == 302
    written = Message.objects.latest("pk").at
    goes, asked = clock_of(record), clock_of(record, Measure.ANSWER)
    assert (goes.state, goes.due_at) == (State.RUNNING, written + timedelta(seconds=waits.left))
    assert (asked.state, asked.due_at) == (State.RUNNING, written + timedelta(minutes=60))
    assert Incident.objects.get().waiting == ""
    mori().post(f"{room}reply", {"text": "Thank you.", "sort": "message"})
    assert clock_of(record, Measure.ANSWER).state == State.MET
