"""Gives a test run its own data folder and, where asked, its own PostgreSQL, before Django reads the environment.

``HIKESHI_TEST_DATABASE=postgresql`` runs everything on PostgreSQL; SQLite otherwise. A site named in the caller's
environment is never touched: its variables are taken away first.
"""

import atexit
import gc
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from hikeshi.kernel import memory
from tests.postgres import Postgres

_DATABASE = os.environ.get("HIKESHI_TEST_DATABASE") or "sqlite"


def _prepare() -> None:
    if _DATABASE not in {"sqlite", "postgresql"}:
        raise SystemExit(f"HIKESHI_TEST_DATABASE must be sqlite or postgresql, not {_DATABASE!r}")
    for name in [name for name in os.environ if name.startswith("HIKESHI_") and name != "HIKESHI_TEST_DATABASE"]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="hikeshi-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["HIKESHI_DATA"] = str(folder / "var")
    (folder / "var" / "static").mkdir(parents=True)  # the files' server warns of a folder that is not there
    if _DATABASE == "postgresql":
        server = Postgres()
        server.start()
        os.environ["HIKESHI_DATABASE_URL"] = server.url


gc.disable()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the run ends. Looking through it for garbage, while it grew and then beside every
    few tests, took half of the collecting and a part of every test. From here on as in the processes of a site.
    """
    try:
        return (yield)
    finally:
        gc.enable()
        memory.settle()


if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit what the first process prepared
    _prepare()
