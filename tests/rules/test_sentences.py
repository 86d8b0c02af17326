"""How a fact is said in Japanese: blanks around numbers and Latin names, none beside Japanese ones."""

import pytest
from django.utils import translation

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
