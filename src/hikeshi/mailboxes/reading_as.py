"""A letter as an alert's body, which the mapping of its source reads: lines of "key: value" are taken apart. Pure."""

import re
import unicodedata
from typing import Final

from hikeshi.mail.letters import Letter
from hikeshi.mail.proof import Proof
from hikeshi.mail.traces import urls

MOST: Final = 200
_KEY: Final = 60
_BEGIN: Final = re.compile(r"^[\W_]+")
"""Whatever marks an item of a list."""
_BETWEEN: Final = re.compile("[:=\uff1a\uff1d\u3011\\]]")


def fields(text: str) -> dict[str, str]:
    """Keys in half width and small letters, blanks as underscores; the first of a name counts."""
    found: dict[str, str] = {}
    for line in text.split("\n"):
        plain = _BEGIN.sub("", line.strip())
        mark = _BETWEEN.search(plain[: _KEY + 1])
        if mark is None or plain[mark.start() :].startswith("://") or len(found) >= MOST:
            continue
        key = unicodedata.normalize("NFKC", plain[: mark.start()]).strip().casefold()
        value = plain[mark.end() :].strip().lstrip(":=\uff1a\uff1d").strip()
        if key and value:
            found.setdefault(re.sub(r"\s+", "_", key), value)
    return found


def document(letter: Letter, proof: Proof) -> dict[str, object]:
    return {
        "subject": letter.subject,
        "from": letter.sender.address,
        "from_name": letter.sender.name,
        "to": [one.address for one in letter.to],
        "date": letter.sent_at.isoformat() if letter.sent_at else "",
        "message_id": letter.message_id,
        "text": letter.text,
        "fields": fields(letter.text),
        "links": list(urls(letter)),
        "files": [{"name": one.name, "sha256": one.sha256} for one in letter.files],
        "proof": {"spf": proof.spf, "dkim": proof.dkim, "dmarc": proof.dmarc},
    }
