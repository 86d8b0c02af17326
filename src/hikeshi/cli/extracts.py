"""``hikeshi verify --extract``: checks an exported record on any machine. Loads no Django and makes no desk."""

import argparse
import json
from gettext import gettext as _

from hikeshi.transfer.cases.extract import Fault, Report, check


def verify_extract(options: argparse.Namespace) -> int:
    """Exits 0 if everything holds, else 1."""
    report = check(options.extract)
    print(json.dumps(_as_json(report), ensure_ascii=False) if options.json else _as_text(report))
    return 0 if report.holds else 1


def _as_json(report: Report) -> dict[str, object]:
    counted = {"entries": report.entries, "texts": report.texts, "files": report.files}
    signed = {"ref": report.ref, "head": report.head, "public_key": report.public_key}
    findings = [{"reason": one.reason, "where": one.where} for one in report.findings]
    return {"holds": report.holds, **signed, **counted, "findings": findings}


def _as_text(report: Report) -> str:
    sentences = {
        Fault.UNREADABLE: _("This is not a whole exported record: %(where)s."),
        Fault.MEMBER_CHANGED: _("%(where)s was changed, added or taken away."),
        Fault.ENTRY_CHANGED: _("Entry %(where)s of the ledger was changed."),
        Fault.CHAIN_BROKEN: _("The entries do not lead to the signed head (%(where)s)."),
        Fault.SIGNATURE_WRONG: _("The head is not signed by this key: %(where)s."),
        Fault.WORDS_CHANGED: _("Not what was written then: %(where)s."),
        Fault.FILE_CHANGED: _("The file %(where)s is not the one that was attached."),
        Fault.FILE_MISSING: _("The file %(where)s was attached but is not here."),
    }
    lines = [sentences[one.reason] % {"where": one.where} for one in report.findings]
    if report.holds:
        counts = {"entries": report.entries, "texts": report.texts, "files": report.files, "ref": report.ref}
        holds = _("%(ref)s holds. Entries: %(entries)s. Texts proved: %(texts)s. Files: %(files)s.")
        lines += [holds % counts, _("Signed by the desk with this public key: %(key)s") % {"key": report.public_key}]
    return "\n".join(lines)
