"""Pins every dependency anew, with the hashes of all files, for every platform and Python from 3.11 on. Needs uv."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUIET = ("-q", "--no-header", "--no-emit-index-url", "--no-emit-find-links")
FOR_ALL = ("--generate-hashes", "--universal", "--python-version", "3.11")


def compile_lock(lock: str, *extras: str) -> None:
    chosen = [word for extra in extras for word in ("--extra", extra)]
    subprocess.run(
        ["uv", "pip", "compile", *QUIET, *FOR_ALL, *chosen, "pyproject.toml", "-o", lock], cwd=ROOT, check=True
    )


def main() -> None:
    compile_lock("requirements.lock", "build")
    compile_lock("requirements-dev.lock", "build", "dev")


if __name__ == "__main__":
    main()
