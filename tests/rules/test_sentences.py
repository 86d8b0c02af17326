"""How a fact is said in Japanese: blanks around numbers and Latin names, none beside Japanese ones."""

import pytest
from django.utils import translation

from hikeshi.phrases import escalation
from hikeshi.phrases.sentences import sentence
from hikeshi.phrases.wording import close, filling, told


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("佐藤 真由美", "担当を佐藤 真由美にしました。"),
        ("Emma Clarke", "担当を Emma Clarke にしました。"),
        ("佐藤 Emma", "担当を佐藤 Emma にしました。"),
    ],
)
def test_a_name_stands_in_a_japanese_sentence_as_its_letters_ask(name: str, said: str) -> None:
    assert told("担当を %(name)s にしました。", name=name) == said


def test_the_timeline_speaks_so() -> None:
    with translation.override("ja"):
        said = sentence("incidents.ParticipantAdded", {"person": "伊藤 大輔", "role": "executive"})
    assert "伊藤 大輔を" in said
    assert " として" not in said
    with translation.override("en"):
        assert "伊藤 大輔 " in sentence("incidents.ParticipantAdded", {"person": "伊藤 大輔", "role": "executive"})


def test_what_somebody_wrote_cannot_pose_as_a_mark() -> None:
    assert close(filling("a\ue001 b")) == "a b"


def test_a_class_that_was_there_before_is_confirmed_and_not_changed() -> None:
    with translation.override("en"):
        assert sentence("incidents.Classified", {"record_class": "event", "was": "event"}) == "Confirmed as Event."
        changed = sentence("incidents.Classified", {"record_class": "event", "was": "request"})
    assert changed == "Classified as Event (was: Request)."


def test_a_kind_that_was_there_before_is_confirmed_whatever_its_course_is_called() -> None:
    kept = {"kind": "malware", "was": "malware", "course": "security", "course_was": "security"}
    with translation.override("en"):
        assert sentence("incidents.KindChanged", kept) == "Confirmed the kind Malware."
        changed = sentence("incidents.KindChanged", {**kept, "kind": "phishing", "course": "malware"})
    assert changed == "Changed the kind from Malware to Phishing."


@pytest.mark.parametrize(("how", "next_one"), [("step", True), ("help", False), ("anyway", False)])
def test_who_is_asked_for_help_is_not_told_that_the_next_person_is_called(how: str, *, next_one: bool) -> None:
    page = escalation.Page(ref="INC-1", how=how, priority=1, title="x", place="", round=2, unanswered_for=3)
    with translation.override("en"):
        long, short = escalation.page_text(page), escalation.page_short(page)
    assert ("next person" in long, "next person" in short) == (next_one,) * 2
    assert ("nobody has answered" in long) == (how != "help")
    assert ("if you can" in long, "if you can" in short) == (how == "help",) * 2
