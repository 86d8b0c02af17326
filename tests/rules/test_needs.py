"""What a rule needs an alert to say: whatever its form and the alert's letters, no rule that holds is passed by."""

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from hikeshi.intake import needs, rulebook
from hikeshi.intake.needs import Index, Need
from hikeshi.intake.sigma import Compiled

LETTERS = "aAbsSkK\u212aſßΣσςİi\u0307あ é1?*\\"
"""Letters whose small form, or what RE2 takes for them, is another letter; and wildcards."""
WORDS = st.text(LETTERS, min_size=1, max_size=4)
FORMS = ["", "|contains", "|startswith", "|endswith", "|cased", "|contains|cased", "|startswith|cased", "|contains|all"]


def compiled(detection: dict[str, object]) -> Compiled:
    data: dict[str, object] = {"title": "t", "logsource": {"category": "finding"}, "detection": detection}
    _, test, cover = rulebook.compiled(data, yaml.safe_dump(data, allow_unicode=True), "rule")
    return Compiled(test, cover)


@st.composite
def detections(draw: st.DrawFn) -> dict[str, object]:
    def table() -> dict[str, object]:
        fields = draw(st.lists(st.sampled_from(["finding_info.title", "finding_info.types"]), min_size=1, unique=True))
        return {
            f"{name}{draw(st.sampled_from(FORMS))}": draw(st.lists(WORDS, min_size=2, max_size=3)) for name in fields
        }

    condition = draw(
        st.sampled_from(["a", "a or b", "a and b", "a and not b", "not a or b", "1 of them", "all of them"])
    )
    return {"a": table(), "b": [table(), table()], "condition": condition}


TEXTS = st.text(LETTERS, max_size=8)
ALERTS = st.fixed_dictionaries(
    {"finding_info": st.fixed_dictionaries({"title": TEXTS, "types": st.lists(TEXTS, max_size=3)})}
)


@given(detections(), st.lists(ALERTS, min_size=1, max_size=5))
@example(
    {"a": {"finding_info.title|cased|contains": ["ΑΣ", "x"]}, "condition": "a"}, [{"finding_info": {"title": "ΑΣΑ"}}]
)
@example(
    {"a": {"finding_info.title": ["*ask*ss?", "x"]}, "condition": "a"}, [{"finding_info": {"title": "aſ\u212aSſx"}}]
)
def test_no_rule_that_holds_is_passed_by(detection: dict[str, object], alerts: list[dict[str, object]]) -> None:
    one = compiled(detection)
    index = Index([one.cover])
    for alert in alerts:
        assert not one.test(alert) or index.candidates(alert) == {0}


@pytest.mark.parametrize(
    ("detection", "needs"),
    [
        ({"a": {"severity_id": [4, 5], "finding_info.title|contains": "Ransom"}}, {("finding_info.title", "ransom")}),
        (
            {"a": [{"finding_info.title|startswith": "ET "}, {"finding_info.types": ["Scan", "Probe"]}]},
            {("finding_info.title", "et "), ("finding_info.types", "scan"), ("finding_info.types", "probe")},
        ),
        ({"a": {"evidences.process.cmd_line": "*vssadmin*delete *?all"}}, {("evidences.process.cmd_line", "delete ")}),
        ({"a": {"severity_id|gte": 4, "status_id": 1}}, {("status_id", "1")}),
        ({"a": [{"severity_id|gte": 4}, {"status_id": 1}]}, set()),
    ],
)
def test_a_rule_is_filed_under_what_tells_it_apart(detection: dict[str, object], needs: set[tuple[str, str]]) -> None:
    assert {(need.field, need.word) for need in compiled({**detection, "condition": "a"}).cover} == needs


def test_of_ten_thousand_rules_only_those_are_asked_whose_words_an_alert_holds() -> None:
    index = Index(
        [frozenset({Need("finding_info.title", f"family {number}.", inside=True)}) for number in range(10_000)]
    )
    assert index.candidates({"finding_info": {"title": "trojan of family 77. and family 9999."}}) == {77, 9_999}
    assert index.candidates({"finding_info": {"title": "family 77"}}) == set()
    assert index.candidates({"finding_info": {"title": "\ud800family 5."}}) == {5}


def test_the_shipped_rules_that_every_alert_is_asked_by_are_few() -> None:
    bland = {"metadata": {"log_provider": "nobody"}, "finding_info": {"title": "x"}, "severity_id": 1, "status_id": 1}
    book = rulebook.load()
    asked = {book.rules[number].code for number in book._index.candidates(bland)}
    assert asked == {"grave_of_any_source", "informational"}
    assert book._index_of_signals.candidates(bland) == set()


@given(st.lists(TEXTS, min_size=1, max_size=20))
def test_a_text_asked_for_again_holds_what_it_held(texts: list[str]) -> None:
    covers = [frozenset({Need("finding_info.title", letter, inside=True)}) for letter in "asあ"]
    index = Index(covers)
    for text in texts * 2:
        alert = {"finding_info": {"title": text}}
        assert index.candidates(alert) == Index(covers).candidates(alert)


def test_an_index_remembers_no_more_texts_than_it_may() -> None:
    index = Index([frozenset({Need("finding_info.title", "a", inside=True)})])
    for number in range(3 * needs._KNOWN):
        assert index.candidates({"finding_info": {"title": f"a{number}"}}) == {0}
    words = index._fields[0][2]
    assert words is not None
    assert len(words._known) <= needs._KNOWN
