"""Waking whoever waits, at commit. The wake-up is for speed; the row is for truth: every waiter also looks by itself.

PostgreSQL carries it by LISTEN/NOTIFY. On SQLite each waiting process binds a datagram socket in a private folder, and
a commit sends one byte to each. The folder's name is short because a socket's path may hold no more than 107 bytes.
"""

import contextlib
import hashlib
import os
import select
import socket
import tempfile
from functools import partial
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

CHANNEL = "hikeshi"
OWN = "own."
"""Before the socket's name of a waiter that is called by its name alone."""


class Waker(Protocol):
    """What waits. ``fileno`` lets an event loop watch it; ``drain`` empties it after it became readable."""

    def fileno(self) -> int: ...
    def wait(self, seconds: float) -> bool: ...
    def drain(self) -> None: ...
    def close(self) -> None: ...


def _folder() -> Path:
    name = hashlib.blake2b(str(settings.DATA_ROOT).encode(), digest_size=6).hexdigest()
    return Path(tempfile.gettempdir()) / f"hikeshi-{os.getuid()}-{name}"


def _private_folder() -> Path:
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    state = folder.lstat()
    if state.st_uid != os.getuid() or not folder.is_dir() or folder.is_symlink():
        raise PermissionError(f"{folder} belongs to somebody else")
    return folder


class Datagrams:
    """Waits for one byte on a socket of its own."""

    def __init__(self, name: str, *, own: bool = False) -> None:
        self._path = _private_folder() / f"{OWN if own else ''}{name}-{os.getpid()}"
        self._path.unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(self._path))
        self._socket.setblocking(False)

    def fileno(self) -> int:
        return self._socket.fileno()

    def wait(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._socket], [], [], seconds)
        self.drain()
        return bool(ready)

    def drain(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._socket.recv(16):
                pass

    def close(self) -> None:
        self._socket.close()
        self._path.unlink(missing_ok=True)


class Notifications:
    """Waits for a NOTIFY on a connection of its own. Raises psycopg.OperationalError when PostgreSQL goes away."""

    def __init__(self, name: str, *, own: bool = False) -> None:
        import psycopg  # noqa: PLC0415  # a fifth of a second that sites on SQLite need not wait

        parameters = connections[DEFAULT_DB_ALIAS].get_connection_params()
        wanted = {key: value for key, value in parameters.items() if key not in {"context", "cursor_factory"}}
        wanted.pop("isolation_level", None)
        wanted.pop("prepare_threshold", None)
        self._connection: psycopg.Connection[tuple[object, ...]] = psycopg.connect(**wanted, autocommit=True)
        self._connection.execute(f"LISTEN {_channel(name)}" + ("" if own else f"; LISTEN {CHANNEL}"))

    def fileno(self) -> int:
        return self._connection.fileno()

    def wait(self, seconds: float) -> bool:
        return any(True for _ in self._connection.notifies(timeout=seconds, stop_after=1))

    def drain(self) -> None:
        for _ in self._connection.notifies(timeout=0):
            pass

    def close(self) -> None:
        self._connection.close()


def listen(name: str, *, own: bool = False) -> Waker:
    """``name`` tells the waiters of one process apart: ``digest``, ``live``. ``own``: not every commit wakes this one,
    only whoever calls it by its name.
    """
    if connections[DEFAULT_DB_ALIAS].vendor == "postgresql":
        return Notifications(name, own=own)
    return Datagrams(name, own=own)


def ring(only: str = "") -> None:
    """Wakes the waiters of this machine (SQLite): those of one name, or all but those that listen to their own alone.
    A waiter that is gone leaves a socket behind; it is swept here.
    """
    folder = _folder()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell, contextlib.suppress(FileNotFoundError):
        bell.setblocking(False)
        for path in folder.iterdir():
            if not _is_for(path.name, only):
                continue
            try:
                bell.sendto(b"!", str(path))
            except ConnectionRefusedError:
                path.unlink(missing_ok=True)
            except OSError:
                continue  # its buffer is full: it has been woken often enough


def _is_for(socket_name: str, only: str) -> bool:
    if only:
        return socket_name.removeprefix(OWN).startswith(f"{only}-")
    return not socket_name.startswith(OWN)


def at_commit(connection: BaseDatabaseWrapper, only: str = "") -> None:
    """Wakes waiters once this transaction is true, as ``ring``."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {_channel(only) if only else CHANNEL}")
    else:
        transaction.on_commit(partial(ring, only), robust=True)


def _channel(name: str) -> str:
    return f"{CHANNEL}_{name}"
