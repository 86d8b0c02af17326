"""Makes this checkout able to run: a virtual environment from locked hashes, browser assets, catalogues.

    python3 tools/install.py            what running needs
    python3 tools/install.py --dev      and what checking and testing need

Each step is done again only when what it depends on has changed. Runs before anything is installed, on whatever Python
the machine calls python3, so it uses the standard library alone and the syntax of old versions.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11")
TEXTS = json.loads((ROOT / "tools" / "install.json").read_text(encoding="utf-8"))


def say(name: str, **values: object) -> str:
    """Both languages: nobody has told this machine yet which one its reader prefers."""
    return "\n".join(TEXTS[name][language].format(**values) for language in ("ja", "en"))


def run(step: str, *command: object) -> None:
    done = subprocess.run([str(part) for part in command], cwd=str(ROOT), check=False)
    if done.returncode != 0:
        raise SystemExit(say("failed", step=step))


def answer(python: str, question: str) -> str:
    """What that Python prints, or nothing where it does not run."""
    try:
        done = subprocess.run([python, "-c", question], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return done.stdout.decode().strip()


def version_of(python: str) -> tuple[int, ...]:
    text = answer(python, "import sys; print('%d.%d.%d' % sys.version_info[:3])")
    return tuple(int(part) for part in text.split(".")) if text else ()


def suitable_python() -> str:
    """The Python that called this, or a newer one of this machine."""
    candidates = [sys.executable, *(path for path in map(shutil.which, NEWER) if path)]
    new_enough = [path for path in candidates if version_of(path) >= OLDEST]
    if not new_enough:
        version = ".".join(str(part) for part in sys.version_info[:3])
        raise SystemExit(say("too_old", path=sys.executable, version=version))
    for path in new_enough:
        if answer(path, "import ensurepip, venv; print('yes')"):
            return path
    raise SystemExit(say("no_venv", path=new_enough[0]))


def digest(*paths: Path) -> str:
    """Of the files' contents; folders count with everything in them, in order."""
    found = hashlib.sha256()
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            if "node_modules" not in file.parts and "__pycache__" not in file.parts and file.exists():
                found.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


def settled(stamp: str, wanted: str) -> bool:
    path = VENV / ("." + stamp)
    return path.exists() and path.read_text() == wanted


def settle(stamp: str, wanted: str) -> None:
    (VENV / ("." + stamp)).write_text(wanted)


def make_environment() -> None:
    if version_of(str(PYTHON)) >= OLDEST:
        if not answer(str(PYTHON), "import pip; print('yes')"):
            run("ensurepip", PYTHON, "-m", "ensurepip", "--upgrade")
        return
    chosen = suitable_python()
    shutil.rmtree(str(VENV), ignore_errors=True)
    run("venv", chosen, "-m", "venv", VENV)


def pip_install(*arguments: object) -> None:
    run("pip install", PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments)


def install_packages(lock: str) -> None:
    wanted = digest(ROOT / lock, ROOT / "pyproject.toml") + ":" + ".".join(map(str, version_of(str(PYTHON))))
    # What the larger lock brought is enough for the smaller one too, as long as both are of this checkout.
    if settled(lock, wanted) and (VENV / "bin" / "hikeshi").exists():
        return
    print(say("installing", path=VENV), flush=True)
    make_environment()
    pip_install("--require-hashes", "-r", lock)
    pip_install("--no-deps", "--no-build-isolation", "--editable", ".")
    wanted = digest(ROOT / lock, ROOT / "pyproject.toml") + ":" + ".".join(map(str, version_of(str(PYTHON))))
    settle(lock, wanted)


def build_assets() -> None:
    """The icons and styles come out of the pages, so the pages count too."""
    web = ROOT / "src" / "hikeshi" / "web"
    sources = [
        path for path in web.rglob("*") if path.is_file() and path.suffix != ".py" and "vendor" not in path.parts
    ]
    wanted = digest(ROOT / "assets", ROOT / "tools" / "assets.py", *sorted(sources))
    if settled("assets", wanted) and (web / "static" / "vendor" / "manifest.json").exists():
        return
    run("assets", PYTHON, "-m", "tools.assets")
    settle("assets", wanted)


def compile_catalogues() -> None:
    locale = ROOT / "src" / "hikeshi" / "locale"
    catalogues = list(locale.rglob("*.po"))
    wanted = digest(*sorted(catalogues))
    if settled("catalogues", wanted) and all(path.with_suffix(".mo").exists() for path in catalogues):
        return
    run("catalogues", PYTHON, "-m", "tools.messages", "compile")
    settle("catalogues", wanted)


def compile_source() -> None:
    """Where Python may not write beside the source while it runs, every start would compile everything again."""
    run("compileall", PYTHON, "-m", "compileall", "-q", Path("src") / "hikeshi")


def main() -> None:
    os.chdir(str(ROOT))
    install_packages("requirements-dev.lock" if "--dev" in sys.argv[1:] else "requirements.lock")
    build_assets()
    compile_catalogues()
    compile_source()


if __name__ == "__main__":
    main()
