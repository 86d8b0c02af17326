"""Inhibition as Alertmanager has it: the indexed form against a form so plain that it can be seen to be right."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.intake import inhibitions, matchers
from hikeshi.intake.inhibitions import Book, Firing, Inhibition, Place
from hikeshi.intake.matchers import BadMatcher, Subject

HERE = Place(1, "real")
EIGHT = timedelta(hours=8)


def rule(pk: int, source: str, target: str, equal: str = "", places: frozenset[int] = frozenset({1})) -> Inhibition:
    return Inhibition(pk, places, matchers.read(source), matchers.read(target), inhibitions.equal(equal), EIGHT)


def told(**values: str) -> Subject:
    return Subject({name.replace("__", "."): (value,) for name, value in values.items() if value})


def held(known: list[Inhibition], firing: dict[int, Subject]) -> dict[int, int]:
    """What the product does: every alert's sides from the book, every source put, every alert asked."""
    book, sources = Book(known), Firing()
    sides = {who: book.sides(HERE, subject) for who, subject in firing.items()}
    for who, found in sides.items():
        for side in found:
            sources.put(who, side)
    return {
        int(who): pk for who, pk in inhibitions.held(sources, {str(who): one for who, one in sides.items()}).items()
    }


def plainly(known: list[Inhibition], firing: dict[int, Subject]) -> dict[int, int]:
    """`Inhibitor.Mutes` of Alertmanager, word for word: every rule, every alert, nothing indexed."""
    found = {}
    for who, target in firing.items():
        for one in known:
            if not one.target.match(target):
                continue
            two_sided = one.source.match(target)
            by = [
                other
                for other in firing.values()
                if one.source.match(other)
                and all(set(target.of(name)) == set(other.of(name)) for name in one.equal)
                and not (two_sided and one.target.match(other))
            ]
            if by:
                found[who] = one.pk
                break
    return found


WORDS = st.sampled_from(["", "a", "b"])
SUBJECTS = st.builds(told, host=WORDS, title=WORDS, label__x=WORDS)
CONDITIONS = st.lists(
    st.tuples(
        st.sampled_from(["host", "title", "label.x"]), st.sampled_from(["=", "!=", "=~", "!~"]), st.sampled_from("abc")
    ),
    min_size=1,
    max_size=3,
).map(lambda said: "\n".join(f"{name} {how} {value}" for name, how, value in said))


@st.composite
def rules(draw: st.DrawFn) -> list[Inhibition]:
    found = []
    for pk in range(draw(st.integers(1, 4))):
        equal = ", ".join(draw(st.sets(st.sampled_from(["host", "title", "label.x", "user"]), max_size=3)))
        try:
            found.append(rule(pk, draw(CONDITIONS), draw(CONDITIONS), equal))
        except BadMatcher:  # one that would let everything pass, which nobody can set
            continue
    return found


@given(rules(), st.lists(SUBJECTS, max_size=7), st.integers(0, 6))
def test_the_index_holds_what_holding_every_rule_against_every_alert_holds(known, subjects, over) -> None:
    firing = dict(enumerate(subjects))
    assert held(known, firing) == plainly(known, firing)
    firing.pop(over, None)  # one resolves: whatever it alone held is free, whatever another holds is not
    assert held(known, firing) == plainly(known, firing)


def test_when_one_of_several_sources_is_over_the_others_still_hold() -> None:
    known = [rule(1, "title = down", "title = slow", "host")]
    sources = {1: told(title="down", host="db1", user="x"), 2: told(title="down", host="db1", user="y")}
    firing = {**sources, 3: told(title="slow", host="db1"), 4: told(title="slow", host="db2")}
    assert held(known, firing) == {3: 1}
    del firing[1]
    assert held(known, firing) == {3: 1}
    del firing[2]
    assert held(known, firing) == {}


def test_what_neither_has_is_the_same_and_what_one_lacks_is_not() -> None:
    known = [rule(1, "title = down", "title = slow", "host, user")]
    assert held(known, {1: told(title="down"), 2: told(title="slow")}) == {2: 1}
    assert held(known, {1: told(title="down", host="a"), 2: told(title="slow")}) == {}


def test_an_alert_on_both_sides_is_held_by_a_source_alone_and_by_no_other_on_both() -> None:
    known = [rule(1, "host =~ a|b", "host =~ b|c")]
    both = told(host="b", title="x")
    assert held(known, {1: both}) == {}
    assert held(known, {1: both, 2: told(host="b", title="y")}) == {}
    assert held(known, {1: both, 2: told(host="a")}) == {1: 1}
    assert held(known, {1: both, 2: told(host="c")}) == {2: 1}


def test_alerts_of_another_organisation_or_world_explain_nothing_here() -> None:
    book = Book([rule(1, "title = down", "title = slow", places=frozenset({1, 2}))])
    keys = {
        book.sides(place, told(title="down"))[0].key
        for place in (HERE, Place(2, "real"), Place(1, "drill"), Place(1, "real"))
    }
    assert len(keys) == 3
    assert book.sides(Place(3, "real"), told(title="down")) == ()


def test_an_alert_is_held_against_few_of_many_inhibitions() -> None:
    asked: list[int] = []

    class Counting(Inhibition):
        def __getattribute__(self, name: str) -> object:
            if name == "places":
                asked.append(1)
            return object.__getattribute__(self, name)

    sides = [(matchers.read(f"host = h{n}\ntitle =~ down.*"), matchers.read(f"host = h{n}")) for n in range(2_000)]
    book = Book(Counting(n, frozenset({1}), *side, (), EIGHT) for n, side in enumerate(sides))
    assert len(book.sides(HERE, told(host="h7", title="slow"))) == 1
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [("hosts", "matcher_name"), ("key", "matcher_name"), ("\n".join(f"label.l{n}" for n in range(11)), "equal_many")],
)
def test_names_that_cannot_be_compared_are_refused(text: str, code: str) -> None:
    with pytest.raises(BadMatcher) as problem:
        inhibitions.equal(text)
    assert problem.value.code == code
    assert inhibitions.equal("Host, label.Team\nhost") == ("host", "label.team")
