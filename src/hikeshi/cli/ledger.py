"""``hikeshi verify`` and ``hikeshi head``."""

import argparse
import json
from gettext import gettext as _
from pathlib import Path

from django.conf import settings

from hikeshi.cli import words
from hikeshi.incidents.verifying import Fault, FileReport, verify_files
from hikeshi.ledger import heads
from hikeshi.ledger.verify import Break, Finding, Report
from hikeshi.ledger.verify import verify as verify_ledger


def head(options: argparse.Namespace) -> int:
    line = heads.sign(settings.MASTER_KEY)
    if options.json:
        print(json.dumps({"head": line, "public_key": heads.public_key(settings.MASTER_KEY)}))
    else:
        print(line)
    return 0


def verify(options: argparse.Namespace) -> int:
    """Exits 0 if everything holds, 1 if anything does not or the given head cannot be read."""
    try:
        kept = heads.read(_kept(options.against), settings.MASTER_KEY) if options.against else None
    except heads.BadHead:
        return words.complain(_("That head was not signed by this site, or was changed since."))
    report = verify_ledger(against=kept, state=options.state)
    files = verify_files() if options.files else None
    if options.json:
        print(json.dumps(_as_json(report) | _files_as_json(files)))
    else:
        print("\n".join([_as_text(report, state=options.state), *_files_as_text(files)]))
    return 0 if report.holds and not (files and files.findings) else 1


def _files_as_json(report: FileReport | None) -> dict[str, object]:
    if report is None:
        return {}
    found = [{"reason": one.reason, "file": str(one.file), "ref": one.ref} for one in report.findings]
    return {"files": {"holds": not found, "count": report.files, "bytes": report.bytes, "findings": found}}


def _files_as_text(report: FileReport | None) -> list[str]:
    if report is None:
        return []
    sentences = {
        Fault.ROW_MISSING: _("File %(file)s was attached, but its row is missing."),
        Fault.ROW_CHANGED: _("The row of file %(file)s (%(ref)s) was changed behind the desk's back."),
        Fault.BYTES_CHANGED: _("File %(file)s (%(ref)s) is not what was attached, or is gone."),
    }
    lines = [sentences[one.reason] % {"file": one.file, "ref": one.ref} for one in report.findings]
    if not lines:
        lines.append(_("Every file is what was attached. Files: %(count)s.") % {"count": report.files})
    return lines


def _kept(argument: str) -> str:
    """A head is longer than any file name, so a path is never taken for one."""
    if argument.startswith(heads.PREFIX):
        return argument
    path = Path(argument)
    lines = path.read_text(encoding="utf-8", errors="replace").split() if path.is_file() else []
    return next((line for line in reversed(lines) if line.startswith(heads.PREFIX)), "")


def _as_json(report: Report) -> dict[str, object]:
    findings = [{"reason": found.reason, "where": found.where, "detail": found.detail} for found in report.findings]
    return {
        "holds": report.holds,
        "entries": report.entries,
        "head": report.head,
        "rows": report.rows,
        "findings": findings,
    }


def _as_text(report: Report, *, state: bool) -> str:
    lines = [_sentence(found) for found in report.findings]
    if report.holds:
        lines.append(_("The ledger holds. Entries: %(count)s.") % {"count": report.entries})
        if state:
            lines.append(_("The rows are as the ledger says. Rows: %(count)s.") % {"count": report.rows})
    else:
        lines.append(_("The ledger does not hold. Entries that do: %(count)s.") % {"count": report.entries})
    return "\n".join(lines)


def _sentence(found: Finding) -> str:
    sentences = {
        Break.ENTRY_CHANGED: _("Entry %(where)s was changed (%(detail)s)."),
        Break.ENTRY_MISSING: _("Entry %(where)s is missing."),
        Break.CHAIN_BROKEN: _("Entry %(where)s does not follow the one before it (%(detail)s)."),
        Break.TAIL_CUT: _("The ledger ends before entry %(where)s (%(detail)s)."),
        Break.HEAD_DIFFERS: _("The head at entry %(where)s is not the one that was kept."),
        Break.UNREADABLE: _("Entry %(where)s cannot be read (%(detail)s)."),
        Break.ROW_CHANGED: _("Row %(where)s was changed behind the desk's back: %(detail)s."),
        Break.ROW_MISSING: _("Row %(where)s is missing."),
        Break.ROW_UNKNOWN: _("Row %(where)s was never written by the desk."),
        Break.TRIGGER_MISSING: _("The guard %(where)s is missing; “hikeshi prepare” puts it back."),
    }
    return sentences[found.reason] % {"where": found.where, "detail": found.detail}
