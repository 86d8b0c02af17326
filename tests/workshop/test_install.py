"""``make run`` on a machine that lacks something says what, in both languages, and leaves nothing half made."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT
from tools import install


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "tools").mkdir()
    for name in ("install.py", "install.json"):
        shutil.copy(ROOT / "tools" / name, tmp_path / "tools" / name)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_a_python_without_venv_is_met_with_the_package_to_install(checkout: Path) -> None:
    """As on Debian without python3-venv: the module venv is there, ensurepip is not."""
    lacking = checkout / "lacking"
    lacking.mkdir()
    (lacking / "ensurepip.py").write_text("raise ImportError", encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(lacking), "PATH": "/nowhere"}
    told = subprocess.run(
        [sys.executable, "tools/install.py"], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    assert told.returncode != 0
    assert "Debian と Ubuntu では sudo apt install python3-venv" in told.stderr
    assert "On Debian and Ubuntu: sudo apt install python3-venv" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (checkout / ".venv").exists()


def test_a_python_that_is_too_old_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "OLDEST", (99, 0))
    with pytest.raises(SystemExit) as refusal:
        install.suitable_python()
    assert sys.executable in str(refusal.value)
    assert "Python 3.11 以降が必要" in str(refusal.value)


def test_every_target_has_one_line_of_help() -> None:
    told = subprocess.run(["make", "-s", "-C", str(ROOT), "help"], capture_output=True, text=True, check=True).stdout
    lines = {line.split()[0]: line for line in told.splitlines()}
    assert set(lines) >= {"run", "demo", "test", "check", "fmt", "bench", "messages"}
    assert all(len(line.split(maxsplit=1)[1]) > 10 for line in lines.values())
