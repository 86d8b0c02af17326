"""A repeat says what was said before, at other times: it is not read again. Of what was read of late the words are
kept, under all that the source's mapping looks at but the times: counters, packets and whatever else it never reads may
move. Exact: who reads every alert anew has the same findings. Pure.
"""

from datetime import datetime
from typing import Final, TypeAlias

import msgspec

from hikeshi.intake import normalise
from hikeshi.intake.fingerprint import fingerprint
from hikeshi.intake.normalise import Finding, Shaped
from hikeshi.intake.sources.book import Shape, Source
from hikeshi.intake.sources.looking import only
from hikeshi.intake.sources.unwrapping import Wrapped

MOST: Final = 1_000
"""Findings that are kept at least, and half of those that are kept at most. One is some five kilobytes."""
LARGEST: Final = 8 * 1024
"""Bytes that an alert may say, where it is looked at, to be kept."""
_encode = msgspec.json.Encoder().encode
_Key: TypeAlias = tuple[str, str, int, str, tuple[str, ...], bytes]
Whose: TypeAlias = tuple[int, str]
"""An organisation and a world."""


class Read(msgspec.Struct, frozen=True):
    """What was read by that shape of that source: a site that changes either reads anew."""

    source: Source
    shape: Shape
    finding: Finding
    fingerprint: str


class Recent:
    """The newest of each key. What was not asked for while others came goes."""

    __slots__ = ("_new", "_old")

    def __init__(self) -> None:
        self._new: dict[_Key, Read] = {}
        self._old: dict[_Key, Read] = {}

    def __len__(self) -> int:
        return len(self._new) + len(self._old)

    def get(self, key: _Key) -> Read | None:
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: _Key, read: Read) -> None:
        if len(self._new) >= MOST:
            self._new, self._old = {}, self._new
        self._new[key] = read


_recent = Recent()


def read(
    source: Source, wrapped: Wrapped, received: datetime, notes: tuple[str, ...], whose: Whose
) -> tuple[Finding, str]:
    """The finding and its fingerprint. Raises Unmappable."""
    alert = normalise.shaped(source, wrapped)
    key = _key(alert, notes, whose) if alert.shape.repeats else None
    before = _recent.get(key) if key is not None else None
    if before is not None and before.source is source and before.shape is alert.shape:
        found = normalise.again(before.finding, alert, received)
        if found is not None:
            return found, before.fingerprint
    finding = normalise.read(alert, received, notes)
    known_by = fingerprint(finding, *whose)
    if key is not None:
        _recent.put(key, Read(source, alert.shape, normalise.kept(finding), known_by))
    return finding, known_by


def _key(alert: Shaped, notes: tuple[str, ...], whose: Whose) -> _Key | None:
    """None where it is too long, or nothing that JSON could say."""
    source, shape, document, envelope = alert
    around = {name: envelope[name] for name in shape.around if name in envelope} if envelope and shape.around else None
    try:
        said = _encode((only(document, shape.read), around))
    except (UnicodeEncodeError, RecursionError):
        return None
    return (source.code, shape.name, *whose, notes, said) if len(said) <= LARGEST else None
