"""Feeds one target what nobody would write, led by which lines of ours each input reaches.

``python -m tests.fuzz.run TARGET SECONDS FOLDER``, in the environment that `make fuzz` builds; without words, the names
of the targets. What falls is left in FOLDER; it belongs into tests/fuzz/found/TARGET, where tests/fuzz/test_found.py
asks for it ever after.
"""

import hashlib
import os
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

import atheris
import django

os.environ["DJANGO_SETTINGS_MODULE"] = "hikeshi.config.settings"
os.environ["HIKESHI_DATA"] = tempfile.mkdtemp(prefix="hikeshi-fuzz-")
READERS = [
    f"hikeshi.{name}" for name in ("mail", "intake", "edge", "assets.intelligence", "lists", "calendars", "oncall")
]
with atheris.instrument_imports(include=READERS) if len(sys.argv) > 1 else nullcontext():
    django.setup()
    from tests.fuzz.targets import TARGETS


def main() -> None:
    if len(sys.argv) == 1:
        sys.stdout.write(" ".join(TARGETS) + "\n")
        return
    name, seconds, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    target = TARGETS[name]
    corpus = folder / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed[: target.longest])
    limits = [f"-max_total_time={seconds}", f"-max_len={target.longest}", "-timeout=20", "-rss_limit_mb=2048"]
    more = ["-print_final_stats=1", f"-artifact_prefix={folder}/{name}-"]
    atheris.Setup([sys.argv[0], *limits, *more, str(corpus)], target.run)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
