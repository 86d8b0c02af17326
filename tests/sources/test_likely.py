"""What a document's keys rule out is not looked for; it must be true that nothing would have been found."""

import json

import pytest

from hikeshi.intake import framing
from hikeshi.intake.sources import book
from hikeshi.intake.sources.mapping import Likely, expression, roots
from tests.sources.test_samples import SAMPLES


def test_what_is_passed_over_has_no_value_in_any_sample() -> None:
    passed_over = 0
    for sample in SAMPLES:
        code = sample.parent.parent.name
        for element in framing.elements(sample.read_bytes()):
            for document, envelope in framing.alerts_of(code, element):
                assert isinstance(document, dict)
                for shape in book.source(code).shapes:
                    for likely in (shape.observables, shape.unmapped):
                        all_of_it = [thing for _, thing in likely._all]
                        left = [thing for thing in all_of_it if thing not in likely.of(document)]
                        assert [getter(document, envelope) for _, getter in left] == [None] * len(left)
                        passed_over += len(left)
    assert passed_over > 1_000


@pytest.mark.parametrize(
    ("spec", "keys"),
    [
        ("alert.signature", {"alert"}),
        ("title | name.first", {"title", "name"}),
        ('labels."app.name"', {"labels"}),
        ("entities[type=Url].url", {"entities"}),
        ("{rule.id}: {agent.name}", {"rule"}),
        ("{rule.id} | 'none'", None),
        ("^.externalURL | link", None),
        ("@received", None),
        (["a", "b.c[]"], {"a", "b"}),
        (["a", "'b'"], None),
        ({"from": "level", "map": {"1": "low"}}, {"level"}),
        ({"from": "level", "otherwise": "low"}, None),
    ],
)
def test_an_expression_names_the_keys_it_needs(spec: object, keys: set[str] | None) -> None:
    found = roots(spec)
    assert found == keys
    document: dict[str, object] = {"elsewhere": 1}
    if keys is not None:
        assert expression(spec)(document, None) is None
    assert bool(Likely([(found, spec)]).of(document)) is (keys is None)


def test_the_same_keys_are_remembered_and_others_asked_anew() -> None:
    likely = Likely([(frozenset({"a"}), "a"), (frozenset({"b"}), "b"), (None, "always")])
    for _ in range(2):
        assert likely.of(json.loads('{"a": 1}')) == ("a", "always")
        assert likely.of(json.loads('{"c": 1, "b": 1}')) == ("b", "always")
        assert likely.of({}) == ("always",)
    for number in range(1_000):
        likely.of({f"key{number}": 1})
    assert len(likely._known) <= 256
    assert likely.of({"a": 1}) == ("a", "always")
