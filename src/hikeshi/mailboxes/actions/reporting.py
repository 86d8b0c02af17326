"""A letter by a person: the report it is, or the reply to one. The mail itself goes with it as evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import F
from django.utils import translation

from hikeshi.accounts import queries as accounts
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries as reports
from hikeshi.incidents.reporting import Purpose, Via
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Invalid, NotFound, Refusal
from hikeshi.ledger.acts import unit
from hikeshi.mail.letters import Letter as Mail
from hikeshi.mail.proof import Proof
from hikeshi.mail.quoting import new_part
from hikeshi.mailboxes import sealed
from hikeshi.mailboxes.actions.keeping import BY
from hikeshi.mailboxes.codes import Carries
from hikeshi.mailboxes.models import Letter
from hikeshi.phrases import mailboxes as phrases

LONGEST: Final = 18_000
LINE: Final = 450
FILES: Final = 20
SUSPICIOUS: Final = "message"
"""The likeness of a suspicious mail (incidents/data/reports.yaml)."""
_LOST: Final = re.compile("[\x00\x80-\x84\x86-\x9f\ufffd]")
_MARK: Final = re.compile(r"report\.([0-9a-f]{32})\.([0-9a-f]{40})@")


@dataclass(frozen=True, slots=True)
class Told:
    """``fresh``: a report of its own, and no reply. ``trouble``: a file that could not be kept."""

    ref: str
    fresh: bool
    trouble: str = ""


def take(row: Letter, mail: Mail, sure: Proof, raw: bytes) -> Told:
    """Raises any refusal."""
    who = _answered(mail)
    if who is not None:
        try:
            ref = _reply(row, who, mail)
            return Told(ref, fresh=False, trouble=_attach(row, who, ref, mail, raw))
        except (Invalid, NotFound):
            pass  # its time is over: it is a report of its own
    site = accounts.site()
    with translation.override(site.language):
        received = incidents.report(
            by=_reporter(mail, sure) or BY,
            purpose=Purpose.ODD,
            what=_text(row, mail, sure),
            nonce=sealed.nonce(str(row.mailbox.uuid), row.digest),
            name=_line(mail.sender.name or mail.sender.address),
            contact=_line(mail.sender.address),
            likeness=SUSPICIOUS if row.mailbox.carries == Carries.PHISHING else "",
            language=site.language,
            via=Via.MAIL,
        )
    who, ref = reports.actor_of(received.reporter), received.incident.ref
    return Told(ref, fresh=True, trouble=_attach(row, who, ref, mail, raw))


def _reporter(mail: Mail, sure: Proof) -> Actor | None:
    """Somebody with an account, where a server we trust says that it is them: whoever writes a name is nobody yet."""
    return accounts.person_by_mail(mail.sender.address) if sure.of(mail.sender) else None


def _answered(mail: Mail) -> Actor | None:
    """Whose report the mail answers: only the mail that went to them names it with its mark."""
    for one in mail.follows:
        mark = _MARK.match(one)
        found = reports.reporter_of_mark(UUID(mark[1]), mark[2]) if mark else None
        if found is not None:
            return found
    return None


def _reply(row: Letter, who: Actor, mail: Mail) -> str:
    report = reports.reports_of(who).get()
    text = _legible(new_part(mail.text)) or _legible(mail.subject) or phrases.no_text()
    incidents.write_to_desk(by=who, report=report.uuid, text=text, nonce=f"mail-{row.digest}")
    return report.incident.ref


def _text(row: Letter, mail: Mail, sure: Proof) -> str:
    inner = mail.letters if row.mailbox.carries == Carries.PHISHING else ()
    words = "\n\n".join(one for one in map(_legible, (mail.subject, mail.text)) if one) or phrases.no_text()
    return _shown("\n\n".join([words, *phrases.found_in(inner), phrases.proven(sure, mail.sender)]))


def _legible(text: str) -> str:
    """Bytes that were lost on the way are shown as lost; the mail that is attached has them all."""
    kept = _shown(text).strip()
    return kept if len(kept) <= LONGEST // 2 else f"{kept[: LONGEST // 2]}\n{phrases.cut()}"


def _line(text: str) -> str:
    return _shown(text.replace("\n", " "))[:LINE]


def _shown(text: str) -> str:
    return _LOST.sub("\u3013", text)


def _attach(row: Letter, who: Actor, ref: str, mail: Mail, raw: bytes) -> str:
    """Begins where an earlier try ended; a file that is refused keeps no other from being attached."""
    trouble = ""
    for at, (name, kind, content) in enumerate(_files(mail, raw)):
        if at < row.attached:
            continue
        try:
            incidents.attach_file(by=who, ref=ref, name=name, content_type=kind, chunks=[content])
        except Refusal as refusal:
            trouble = refusal.reason if isinstance(refusal, Invalid) else refusal.code
        with unit():
            Letter.objects.filter(pk=row.pk).update(attached=F("attached") + 1)
    return trouble


def _files(mail: Mail, raw: bytes) -> Iterator[tuple[str, str, bytes]]:
    yield "mail.eml", "message/rfc822", raw
    for one in mail.files[:FILES]:
        yield one.name, one.content_type, one.content
