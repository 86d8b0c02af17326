"""Searches what makes the readers of tests/fuzz fall: each for some minutes, one after the other.

``python3 tools/fuzz.py [--seconds 120] [target …]``. Its tool, atheris, is built for this machine and belongs to no
other environment: it gets one of its own in .fuzz, which sees the packages of .venv beside it.
"""

import argparse
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".fuzz"
ATHERIS = "atheris==3.0.0"


def environment(packages: Path) -> Path:
    """The python of an environment with atheris."""
    python = HOME / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(HOME / "venv", with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", ATHERIS], check=True)
    (site,) = (HOME / "venv" / "lib").glob("python*/site-packages")
    (site / "hikeshi.pth").write_text(f"{packages}\n{ROOT / 'src'}\n", encoding="utf-8")
    return python


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("targets", nargs="*")
    arguments.add_argument("--seconds", type=int, default=120, help="of each target")
    arguments.add_argument("--packages", type=Path, help="where Hikeshi's packages are; else those of .venv")
    asked = arguments.parse_args()
    packages = asked.packages or next((ROOT / ".venv" / "lib").glob("python*/site-packages"))
    python, fallen = environment(packages), []
    said = subprocess.check_output([python, "-m", "tests.fuzz.run"], cwd=ROOT, env=clean())
    for name in asked.targets or said.decode().splitlines()[-1].split():
        log = HOME / f"{name}.log"
        with log.open("wb") as out:
            words = [python, "-m", "tests.fuzz.run", name, str(asked.seconds), HOME]
            done = subprocess.run(words, cwd=ROOT, stdout=out, stderr=out, env=clean(), check=False)
        runs = [
            line.split()[-1] for line in log.read_text("utf-8", "replace").splitlines() if "number_of_executed" in line
        ]
        print(
            f"{name:<16} {'stands' if done.returncode == 0 else 'FALLS'}  {runs[-1] if runs else '?'} inputs  {log}",
            flush=True,
        )
        fallen += [name] if done.returncode else []
    if fallen:
        print(f"What fell lies in {HOME}; keep it in tests/fuzz/found/<target>/ and mend the reader.")
    return 1 if fallen else 0


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith(("HIKESHI_", "PYTHONPATH"))}


if __name__ == "__main__":
    sys.exit(main())
