"""What the server that received the mail found out about its sender (RFC 8601). Anybody can write that header, so only
the results of a server that the administrator named count, and only the topmost of those: a server adds its own above.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from email.message import Message
from typing import Final

from hikeshi.mail.headers import Address, raw_values

_RESULT: Final = re.compile(r"(?:^|;)\s*(spf|dkim|dmarc)\s*=\s*([a-z]{2,12})\b([^;]{0,600})", re.IGNORECASE)
_FROM: Final = re.compile(r"header\.from\s*=\s*\"?([^\s;\"]{1,253})", re.IGNORECASE)
_COMMENT: Final = re.compile(r"\([^()]{0,600}\)")


@dataclass(frozen=True, slots=True)
class Proof:
    """Empty: nobody whom we believe has looked."""

    spf: str = ""
    dkim: str = ""
    dmarc: str = ""
    domain: str = ""

    def of(self, sender: Address) -> bool:
        """Whether the sender's domain stands behind the mail: DMARC passed, for this very domain."""
        return self.dmarc == "pass" and bool(self.domain) and self.domain == domain(sender)

    @property
    def forged(self) -> bool:
        return self.dmarc == "fail"


def domain(sender: Address) -> str:
    return sender.address.rpartition("@")[2].casefold().rstrip(".")


def proof(mail: Message, trusted: Collection[str]) -> Proof:
    """``trusted``: names of servers as they stand first in the header."""
    names = {one.casefold() for one in trusted}
    for text in raw_values(mail, "Authentication-Results"):
        plain = _COMMENT.sub("", text)
        server, _, results = plain.partition(";")
        if server.split()[:1] and server.split()[0].casefold() in names:
            return _read(results)
    return Proof()


def _read(results: str) -> Proof:
    found: dict[str, str] = {}
    about = ""
    for mark in _RESULT.finditer(results):
        method = mark[1].casefold()
        found[method] = "pass" if found.get(method) == "pass" else mark[2].casefold()
        if method == "dmarc" and (named := _FROM.search(mark[3])):
            about = named[1].rpartition("@")[2].casefold().rstrip(".")
    return Proof(found.get("spf", ""), found.get("dkim", ""), found.get("dmarc", ""), about)
