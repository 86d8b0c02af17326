"""Asks the reader of Japanese (reading.py), which this process starts when it first needs it."""

import atexit
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

log = logging.getLogger(__name__)
_LONGEST: Final = 8_000
"""Letters of one text given at once: the dictionary refuses more than 49,149 bytes."""


class NoReader(RuntimeError):
    """The reader could not be started, or broke off twice."""


@dataclass(frozen=True, slots=True)
class Word:
    """``known``: the dictionary has it. What it does not know it has guessed."""

    begin: int
    end: int
    normal: str
    reading: str
    known: bool


Words: TypeAlias = tuple[Word, ...]


@dataclass(slots=True)
class _Reader:
    process: subprocess.Popen[bytes] | None = None
    turn: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, texts: Sequence[str]) -> list[Words]:
        """Raises NoReader. It ends by itself when it was not asked for a while: then a new one is started."""
        line = json.dumps([text[:_LONGEST] for text in texts], ensure_ascii=False).encode() + b"\n"
        with self.turn:
            for _ in range(2):
                answer = self._answer(line)
                if answer:
                    return [tuple(Word(*word) for word in words) for words in json.loads(answer)]
                self.close()
        raise NoReader

    def _answer(self, line: bytes) -> bytes:
        try:
            running = self.process or self._start()
            if running.stdin is None or running.stdout is None:
                return b""
            running.stdin.write(line)
            running.stdin.flush()
            return running.stdout.readline()
        except OSError:
            log.info("the reader of Japanese had ended")
            return b""

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", "hikeshi.search.reading"]
        paths = {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PATH": os.environ.get("PATH", "")}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=paths)  # noqa: S603  # our own interpreter
        return self.process

    def close(self) -> None:
        running, self.process = self.process, None
        if running is None:
            return
        running.kill()
        running.communicate()


_reader: Final = _Reader()
atexit.register(_reader.close)


def read(texts: Sequence[str]) -> list[Words]:
    """The words of each text that carry meaning, in order. Raises NoReader."""
    return _reader.ask(texts) if texts else []


def is_running() -> bool:
    return _reader.process is not None and _reader.process.poll() is None


def close() -> None:
    """For tests, and for whoever wants the memory back."""
    with _reader.turn:
        _reader.close()
