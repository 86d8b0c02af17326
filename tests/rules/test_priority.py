"""Priority: the makers' matrices cell for cell, the worse of impact and effect, the graver never below the lighter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.incidents import catalogue, matrix
from hikeshi.incidents.matrix import BadGrid, PriorityReason, decide

PRESETS = catalogue.load().presets
LEVEL = st.integers(1, 3)


@pytest.mark.parametrize(
    ("preset", "grid"),
    [
        ("servicenow", ((1, 2, 3), (2, 3, 4), (3, 4, 5))),
        ("itop", ((1, 2, 4), (1, 3, 4), (2, 3, 4))),
        ("glpi", ((1, 2, 4), (2, 3, 4), (4, 4, 5))),
        ("otrs", ((1, 2, 3), (2, 3, 4), (3, 4, 5))),
    ],
)
def test_presets_read_over_our_three_levels(preset: str, grid: matrix.Grid) -> None:
    assert PRESETS[preset].grid() == grid
    matrix.check(grid)


@pytest.mark.parametrize(
    ("preset", "impact", "urgency", "priority"),
    [
        ("itop", 1, 2, 1), ("itop", 2, 1, 1), ("itop", 3, 4, 4), ("itop", 1, 4, 4),
        ("glpi", 5, 1, 2), ("glpi", 4, 4, 4), ("glpi", 2, 5, 3), ("glpi", 1, 5, 2), ("glpi", 5, 5, 5),
        ("otrs", 1, 5, 3), ("otrs", 2, 4, 3), ("otrs", 3, 3, 3), ("otrs", 5, 1, 3), ("otrs", 4, 5, 5),
    ],
)  # fmt: skip
def test_presets_hold_the_makers_own_cells(preset: str, impact: int, urgency: int, priority: int) -> None:
    assert PRESETS[preset].cells[impact][urgency] == priority


def test_a_company_wide_log_in_failure_ranks_above_one_users_inconvenience_and_a_wish_last() -> None:
    grid = PRESETS["servicenow"].grid()
    everyone = decide(grid, impact=1, effect=1, urgency=1)
    one = decide(grid, impact=3, effect=2, urgency=2)
    wish = decide(grid, impact=3, effect=3, urgency=3)
    assert (everyone.priority, one.priority, wish.priority) == (1, 3, 5)


@given(impact=LEVEL, effect=LEVEL, urgency=LEVEL, preset=st.sampled_from(sorted(PRESETS)))
def test_the_worse_of_impact_and_effect_decides_and_is_named(
    impact: int, effect: int, urgency: int, preset: str
) -> None:
    grid = PRESETS[preset].grid()
    decided = decide(grid, impact=impact, effect=effect, urgency=urgency)
    assert decided.priority == decide(grid, impact=effect, effect=impact, urgency=urgency).priority
    assert decided.priority == grid[min(impact, effect) - 1][urgency - 1]
    reason = {True: PriorityReason.IMPACT, False: PriorityReason.EFFECT}[impact < effect]
    assert decided.reason is (PriorityReason.BOTH if impact == effect else reason)


@pytest.mark.parametrize(
    ("grid", "reason"),
    [
        (((1, 2), (2, 3)), "shape"),
        (((1, 2, 3), (2, 3, 4), (3, 4, 6)), "range"),
        (((0, 2, 3), (2, 3, 4), (3, 4, 5)), "range"),
        (((1, 2, 3), (2, 3, 4), (1, 4, 5)), "order"),
        (((1, 3, 2), (2, 3, 4), (3, 4, 5)), "order"),
    ],
)
def test_a_matrix_that_would_rank_the_graver_lower_is_refused(grid: matrix.Grid, reason: str) -> None:
    with pytest.raises(BadGrid) as refused:
        matrix.check(grid)
    assert refused.value.reason == reason
