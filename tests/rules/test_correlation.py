"""Correlations: what is found does not depend on the order of arrival, nor on what a storm is thinned to."""

import random
from collections.abc import Sequence
from itertools import pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.intake import rulebook, site_rules
from hikeshi.intake.bad_rule import BadRule
from hikeshi.intake.correlation import Group, How, Hub, Mark, Terms, kept, late, take_in

SIGNALS = ("a", "b", "c")
COUNTED = (How.EVENT_COUNT, How.VALUE_COUNT, How.TEMPORAL, How.WEIGHT_SUM)
marks = st.lists(
    st.builds(
        Mark,
        at=st.integers(1_000_000, 1_000_060),
        signal=st.integers(0, 2),
        value=st.sampled_from("xyz"),
        alert=st.sampled_from("pqrst"),
    ),
    max_size=25,
)
terms = st.builds(
    Terms,
    how=st.sampled_from(COUNTED),
    window=st.integers(3, 30),
    least=st.integers(1, 6),
    signals=st.just(SIGNALS),
    weights=st.tuples(*[st.integers(1, 3)] * 3),
    distinct=st.booleans(),
)


def fulfilled(terms: Terms, window: Sequence[Mark]) -> bool:
    """The condition as Sigma's words say it, with nothing clever."""
    if terms.how is How.EVENT_COUNT:
        return len(window) >= terms.least
    if terms.how is How.VALUE_COUNT:
        return len({one.value for one in window}) >= terms.least
    if terms.how is How.TEMPORAL_ORDERED:
        chains = permutations(window, len(terms.signals))
        return any(
            [one.signal for one in chain] == list(range(len(terms.signals)))
            and all(one.at <= after.at for one, after in pairwise(chain))
            for chain in chains
        )
    kinds = {(one.signal, one.value if terms.distinct else "") for one in window}
    return sum(terms.weights[signal] if terms.how is How.WEIGHT_SUM else 1 for signal, _ in kinds) >= terms.least


def brute(terms: Terms, came: Sequence[Mark], new: Mark) -> bool:
    """Every window on the clock that holds the new one."""
    starts = range(new.at - terms.window, new.at + 1)
    return any(fulfilled(terms, [one for one in came if at <= one.at <= at + terms.window]) for at in starts)


@settings(deadline=None)
@given(marks, terms, st.randoms(use_true_random=False))
def test_each_alert_hits_exactly_when_a_window_with_it_fulfils_the_condition_in_whatever_order_they_come(
    seen: list[Mark], given_terms: Terms, shuffled: random.Random
) -> None:
    shuffled.shuffle(seen)
    group = Group()
    for number, mark in enumerate(seen):
        hits = take_in(given_terms, group, [(mark, ())])
        assert bool(hits) == brute(given_terms, seen[: number + 1], mark)


@settings(deadline=None, max_examples=60)
@given(st.lists(marks.filter(bool).map(lambda one: one[0]), max_size=7), st.integers(3, 40), st.randoms())
def test_an_order_is_found_whatever_order_it_comes_in(seen: list[Mark], window: int, shuffled: random.Random) -> None:
    wanted = Terms(How.TEMPORAL_ORDERED, window, 3, SIGNALS)
    shuffled.shuffle(seen)
    group = Group()
    for number, mark in enumerate(seen):
        assert bool(take_in(wanted, group, [(mark, ())])) == brute(wanted, seen[: number + 1], mark)


def test_a_storm_is_kept_as_a_few_marks_and_a_late_one_still_finds_its_window() -> None:
    wanted = Terms(How.EVENT_COUNT, 60_000, 10, ("a",))
    group = Group()
    for number in range(5_000):
        take_in(wanted, group, [(Mark(1_000_000_000 + number, 0, "", f"f{number}"), ())])
    assert len(group.marks) <= 40
    assert take_in(wanted, group, [(Mark(1_000_000_000 - 59_000, 0, "", "late"), ())])
    assert not take_in(wanted, group, [(Mark(1_000_000_000 - 70_000, 0, "", "too early"), ())])


def test_what_is_too_old_to_matter_goes() -> None:
    wanted = Terms(How.TEMPORAL, 1_000, 2, ("a", "b"))
    old, new = Mark(0, 0, "", "x"), Mark(late(1_000) + 1_001, 1, "", "y")
    assert kept(wanted, [old, new]) == [new]


def test_a_hub_ties_nothing_together() -> None:
    wanted = Terms(How.EVENT_COUNT, 60_000, 2, ("a",))
    proxy, host, hubs = Group(), Group(), [Hub((0,), 5)]
    at_many = [(Mark(1_000_000 + number, 0, "", f"f{number}"), (f"host{number}",)) for number in range(12)]
    hits = take_in(wanted, proxy, at_many, hubs)
    assert len(hits) == 4  # until it was seen at a sixth place
    assert len(take_in(wanted, host, [(mark, ("one",)) for mark, _ in at_many], hubs)) == 11


def test_a_hub_stays_one_while_what_made_it_one_is_kept_and_no_longer() -> None:
    wanted, hubs = Terms(How.EVENT_COUNT, 60_000, 2, ("a",)), [Hub((0,), 3)]
    proxy = Group()
    take_in(wanted, proxy, [(Mark(number, 0, "", f"f{number}"), (f"host{number}",)) for number in range(4)], hubs)
    later = 60_000 + late(60_000)
    quiet = [(Mark(later - 1 - number, 0, "", f"q{number}"), ("host0",)) for number in (1, 0)]
    assert not take_in(wanted, proxy, quiet, hubs)
    after = [(Mark(later + 1_000 + number, 0, "", f"a{number}"), ("host0",)) for number in range(2)]
    assert len(take_in(wanted, proxy, after, hubs)) == 2


met = st.lists(st.tuples(st.sampled_from(["", *"abcdef"]), st.sampled_from(["", *"uvwxyz"])), max_size=30)


@settings(deadline=None)
@given(met, st.integers(1, 5), st.integers(1, 5), st.booleans(), st.integers(1, 4))
def test_no_more_is_tied_together_by_a_hub_than_makes_it_one(
    places: list[tuple[str, str]], most: int, other: int, both: bool, batch: int
) -> None:
    """Asked of the whole past at each alert, and in batches of any size."""
    wanted = Terms(How.EVENT_COUNT, 60_000, 1, ("a",))
    hubs = [Hub((0, 1), most)] if both else [Hub((0,), most), Hub((1,), other)]
    came = [(Mark(1_000_000 + number, 0, "", f"f{number}"), said) for number, said in enumerate(places)]
    group, hits = Group(), set()
    for start in range(0, len(came), batch):
        hits |= {one.alert for one in take_in(wanted, group, came[start : start + batch], hubs)}
    for number in range(len(came)):
        seen = [len({said[field] for said in places[: number + 1]} - {""}) for field in (0, 1)]
        hub = seen[0] > most and seen[1] > most if both else seen[0] > most or seen[1] > other
        assert (f"f{number}" in hits) == (not hub)


TEXT = """title: t
correlation:
  type: event_count
  rules: [one]
  group-by: [device.hostname]
  timespan: 10m
  condition: {gte: 3}
---
name: one
detection:
  a:
    finding_info.title|contains: scan
  condition: a
"""


def said(sigma: str) -> site_rules.Terms:
    return site_rules.Terms(title_en="t", title_ja="t", reason_en="r", reason_ja="r", sigma=sigma)


def test_sigma_s_own_form_is_read() -> None:
    rule = site_rules.compiled("x", 1, said(TEXT))
    assert rule.correlation is not None
    assert rule.correlation.terms == Terms(How.EVENT_COUNT, 600_000, 3, ("one",))
    ordered = TEXT.replace("event_count", "temporal_ordered").replace("  condition: {gte: 3}\n", "", 1)
    found = site_rules.compiled("x", 1, said(ordered)).correlation
    assert found is not None
    assert (found.terms.how, found.terms.least) == (How.TEMPORAL_ORDERED, 1)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("event_count", "event_sum", "rule_correlation_type", 2),
        ("rules: [one]", "rules: [two]", "rule_correlation_signal", 2),
        ("gte: 3", "lte: 3", "rule_correlation_condition", 2),
        ("gte: 3", "gte: 3000", "rule_correlation_limits", 2),
        ("10m", "10 minutes", "rule_correlation_part", 2),
        ("10m", "40d", "rule_correlation_limits", 2),
        ("device.hostname", "hostname", "rule_field_near", 2),
        ("  timespan", "  tempo: 1\n  timespan", "rule_correlation_name", 2),
        ("finding_info.title|", "finding_info.titel|", "rule_field_near", 12),
        ("a:\n", "a: [\n", "rule_yaml", 13),
        ("  condition: a\n", "  condition: b\n", "rule_selection", 13),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(old: str, new: str, code: str, line: int) -> None:
    with pytest.raises(BadRule) as refused:
        site_rules.compiled("x", 1, said(TEXT.replace(old, new)))
    assert refused.value.code == code
    assert int(refused.value.params["line"]) == line


VALUES = """title: users of one host
name: users
correlation:
  type: value_count
  rules: [any]
  group-by: [device.hostname]
  timespan: 10m
  condition: {gte: 2, field: actor.user.name}
hikeshi:
  {code: users, version: 1, rank: 90, verdict: open, kind: other, owner: csirt, reason: {en: because, ja: なぜなら}}
---
title: any
name: any
logsource: {category: finding}
detection:
  a:
    severity_id|gte: 1
  condition: a
"""


def test_an_alert_without_the_value_is_no_further_value() -> None:
    correlation = rulebook.read_text(VALUES, "users.yml").correlation
    assert correlation is not None
    for user, groups in (({"name": "sato"}, 1), ({"name": ""}, 0), ({}, 0)):
        normal = {"device": {"hostname": "pc-1"}, "actor": {"user": user}, "severity_id": 2}
        assert len(correlation.groups(normal, 0)) == groups
