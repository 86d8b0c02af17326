"""The garbage collector, told what a long-lived process is made of."""

import gc
from typing import Final

YOUNG: Final = 20_000
"""New objects between two looks. A look costs as much as there is to look at; a batch makes tens of thousands."""


def settle() -> None:
    """To be called once, when everything is loaded: what stands now stays, and is never looked through again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)
