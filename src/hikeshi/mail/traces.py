"""What of a suspicious mail can be looked for elsewhere, written so that nobody opens it by mistake."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hikeshi.mail.letters import Letter

MOST: Final = 200
_URL: Final = re.compile(r"\bhttps?://[^\s<>\"'\u3000-\u303f\uff00-\uffef]{3,2000}", re.IGNORECASE)
_TAIL: Final = ".,;:!?)]}>"


@dataclass(frozen=True, slots=True)
class Trace:
    """``kind``: sender, reply_to, subject, message_id, url, file (its name and SHA-256)."""

    kind: str
    value: str


def defanged(text: str) -> str:
    """An address of the web that no program makes a link of; one of mail likewise."""
    plain = re.sub(r"(?i)\bhttp", "hxxp", text)
    if plain.startswith("hxxp"):
        scheme, _, rest = plain.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}[://]{host.replace('.', '[.]')}{slash}{path}"
    return plain.replace("@", "[@]").replace(".", "[.]")


def urls(letter: Letter) -> tuple[str, ...]:
    found = [one.rstrip(_TAIL) for one in _URL.findall(letter.text)]
    found += [one for one in letter.links if one.casefold().startswith(("http://", "https://"))]
    return tuple(dict.fromkeys(found))[:MOST]


def traces(letter: Letter) -> tuple[Trace, ...]:
    return tuple(dict.fromkeys(_traces(letter)))[:MOST]


def _traces(letter: Letter) -> Iterator[Trace]:
    if letter.sender.address:
        yield Trace("sender", _who(letter.sender.name, letter.sender.address))
    others = [one for one in letter.reply_to if one.address.casefold() != letter.sender.address.casefold()]
    yield from (Trace("reply_to", _who(one.name, one.address)) for one in others)
    if letter.subject:
        yield Trace("subject", letter.subject[:300])
    if letter.message_id:
        yield Trace("message_id", letter.message_id)
    yield from (Trace("url", defanged(url)) for url in urls(letter))
    for file in letter.files:
        yield Trace("file", f"{file.name}  SHA-256 {file.sha256}")
        if file.letter is not None:
            yield from _traces(file.letter)


def _who(name: str, address: str) -> str:
    return f"{name} <{defanged(address)}>" if name else defanged(address)
