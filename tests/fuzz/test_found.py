"""What once made a reader fall, and what it is meant for, is read ever after. The search itself is `make fuzz`."""

import pytest

from tests.fuzz.targets import FOUND, TARGETS


@pytest.mark.parametrize("name", TARGETS)
def test_what_such_input_looks_like_is_read_whole_and_cut(name: str) -> None:
    target, seeds = TARGETS[name], list(TARGETS[name].seeds())
    assert seeds
    for seed in seeds:
        for raw in (seed, seed[: len(seed) // 2], seed[::-1], b""):
            target.run(raw)


FALLEN = [(name, file.name) for name in TARGETS for file in sorted((FOUND / name).glob("*"))]


@pytest.mark.parametrize(("name", "file"), FALLEN)
def test_what_made_a_reader_fall_does_so_no_more(name: str, file: str) -> None:
    TARGETS[name].run((FOUND / name / file).read_bytes())
