"""``hikeshi export``."""

import argparse
import json
import os
from gettext import gettext as _
from pathlib import Path

from hikeshi.cli import words
from hikeshi.kernel.acting import system
from hikeshi.transfer.cases.package import export as exported


def export(options: argparse.Namespace) -> int:
    """Beside the wanted name first, moved into place when whole. Readable by its owner alone."""
    target: Path = options.out
    if target.exists():
        return words.complain(_("%(file)s exists already and is left as it is.") % {"file": target})
    draft = target.with_name(target.name + ".part")
    try:
        size = _write(draft, options.ref)
        os.link(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    if options.json:
        print(json.dumps({"file": str(target), "bytes": size}, ensure_ascii=False))
    else:
        words.say(_("The record stands in %(file)s. Files in it open with the password “infected”."), file=target)
        words.say(_("Anybody can check it: hikeshi verify --extract %(file)s"), file=target)
    return 0


def _write(draft: Path, ref: str) -> int:
    pieces = exported(system("command-line"), ref)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())
        return file.tell()
