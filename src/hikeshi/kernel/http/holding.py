"""Calls that are made ready and wait for the word: the connection stands, and nothing is said on it yet."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPConnection
from typing import Final

from hikeshi.kernel.http.guard import Barred, Why

_word: Final[ContextVar["Callable[[], bool] | None"]] = ContextVar("http_word", default=None)


@contextmanager
def until(word: Callable[[], bool]) -> Iterator[None]:
    """Calls made within it by whoever asks ``must_be_let_go`` before the first byte wait in ``word``; where that says
    no, nothing is sent.
    """
    token = _word.set(word)
    try:
        yield
    finally:
        _word.reset(token)


def must_be_let_go() -> None:
    """Waits for the word, where one is waited for. Raises Barred."""
    word = _word.get()
    if word is not None and not word():
        raise Barred(Why.HELD)


class Holding(HTTPConnection):
    """Every byte of a request passes ``send``; names are resolved and keys agreed on before it."""

    def send(self, data: object) -> None:
        must_be_let_go()
        super().send(data)  # type: ignore[arg-type]  # handed on as it came
