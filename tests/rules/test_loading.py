"""What is loaded at a start is not looked through for garbage."""

import gc

import pytest

from hikeshi.cli.loading import loading


def test_nobody_looks_for_garbage_while_all_is_loaded_and_afterwards_only_among_what_is_new():
    with loading():
        assert not gc.isenabled()
        kept = gc.get_freeze_count()
        more: list[list[int]] = [[] for _ in range(10_000)]
    assert gc.isenabled()
    assert gc.get_freeze_count() >= kept + len(more)


def test_what_cannot_be_loaded_leaves_the_looking_as_it_was():
    with pytest.raises(ModuleNotFoundError), loading():
        raise ModuleNotFoundError
    assert gc.isenabled()
