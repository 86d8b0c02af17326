"""Everything a command or a unit needs, brought into memory."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """What is loaded stays until the process ends. Looking through it for garbage again and again while it grows took
    a fifth of every start; it is not looked through afterwards either.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
