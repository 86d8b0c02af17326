import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import hikeshi
from hikeshi.kernel import texts
from hikeshi.kernel.refusals import Invalid, Refusal
from hikeshi.phrases import refusals

SOURCE = Path(hikeshi.__file__).parent


def _calls(name: str) -> Iterator[ast.Call]:
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                yield node


def test_every_reason_the_product_gives_has_a_sentence_that_its_values_fill() -> None:
    said = 0
    for call in _calls("Invalid"):
        if len(call.args) == 2 and isinstance(call.args[1], ast.Constant):
            given = {keyword.arg: "7" for keyword in call.keywords}
            sentence = refusals.reason(str(call.args[1].value), {str(name): value for name, value in given.items()})
            assert str(call.args[1].value) in refusals.REASONS, ast.unparse(call)
            assert "?" not in sentence, ast.unparse(call)
            said += 1
    assert said > 3


def test_every_kind_of_refusal_has_a_sentence() -> None:
    waiting, codes = [Refusal], set()
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        codes.add(kind.code)
    assert codes <= set(refusals.SENTENCES)


def test_an_unknown_reason_or_a_missing_value_still_gets_a_sentence() -> None:
    with translation.override("en"):
        assert refusals.sentence(Invalid("title", "never_heard_of")).endswith(".")
        assert "?" in refusals.reason("too_long", {})


@given(st.text(st.characters(exclude_categories=[]), max_size=30))
def test_clean_text_is_storable_in_both_databases_and_loses_nothing_but_carriage_returns(text: str) -> None:
    if texts.storable(text):
        cleaned = texts.clean(text, field="note")
        cleaned.encode("utf-8")
        assert "\x00" not in cleaned
        assert cleaned.replace("\n", "") == text.replace("\r", "").replace("\n", "")
    else:
        with pytest.raises(Invalid):
            texts.clean(text, field="note")


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfffy"])
def test_nul_and_half_pairs_are_refused(text: str) -> None:
    assert not texts.storable(text)
