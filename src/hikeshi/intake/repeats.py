"""A repeat says what was said before, at other times: it is not read again. Of what was read of late the words are
kept, under all that the source's mapping looks at but the times: counters, packets and whatever else it never reads may
move. Exact: who reads every alert anew has the same findings. Pure.
"""

import marshal
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Final, Generic, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from hikeshi import __version__
from hikeshi.intake import normalise
from hikeshi.intake.fingerprint import fingerprint
from hikeshi.intake.folding import Event
from hikeshi.intake.normalise import Finding, Shaped
from hikeshi.intake.sources.book import Shape, Source
from hikeshi.intake.sources.observables import Observable
from hikeshi.intake.sources.unwrapping import Wrapped

MOST: Final = 5_000
"""Findings that are kept at least, and half of those that are kept at most. One is some two kilobytes."""
LARGEST: Final = 8 * 1024
"""Bytes that an alert may say, where it is looked at, to be kept."""
_encode = msgspec.json.Encoder().encode
Whose: TypeAlias = tuple[int, str]
"""An organisation and a world."""
Thing: TypeAlias = tuple[str, str]
"""Type and value of an observable."""
K = TypeVar("K")
V = TypeVar("V")
_NOTHING: Final[dict[str, object]] = {}
_NONE: Final[list[Observable]] = []


class Read(msgspec.Struct, gc=False):
    """What was read by that shape of that source: a site that changes either reads anew. ``said`` names all of it but
    the times, the same in every process: what bears it differs in nothing else.
    """

    source: Source
    shape: Shape
    finding: Finding  # without what `whole` adds
    whole: bytes
    doubts: Sequence[str]
    fingerprint: str
    said: str
    things: tuple[Thing, ...]
    under: object = None  # the rules that looked last whether it says something to a correlation,
    under_said: str = ""  # with what the site knew of it then,
    mute: bool = False  # and whether it says nothing to any

    def at(self, event: Event) -> Finding:
        """As it is told at these times; nobody else holds any part of it."""
        normal, observables = marshal.loads(self.whole)  # noqa: S302  # this process wrote it
        return normalise.at(self.finding, normal, observables, (event.first, event.last, event.changed))


class Told(msgspec.Struct, gc=False):
    """One alert as it was read. ``read`` is what it repeats, or may be repeated by; ``finding`` is worked out where it
    is asked for, because hardly anybody asks a repeat.
    """

    fingerprint: str
    event: Event
    things: tuple[Thing, ...]
    said: str = ""  # empty: nothing can repeat it
    read: Read | None = None
    known: Finding | None = None

    @property
    def follows(self) -> bool:
        """Whether it only speaks of what was told before."""
        return bool((self._read.finding if self.known is None else self.known).follows)

    @property
    def finding(self) -> Finding:
        if self.known is None:
            self.known = self._read.at(self.event)
        return self.known

    @property
    def _read(self) -> Read:
        if self.read is None:
            raise AssertionError("made with one or the other")
        return self.read


class Recent(Generic[K, V]):
    """The newest of each key. What was not asked for while others came goes."""

    __slots__ = ("_new", "_old")

    def __init__(self) -> None:
        self._new: dict[K, V] = {}
        self._old: dict[K, V] = {}

    def __len__(self) -> int:
        return len(self._new) + len(self._old)

    def get(self, key: K) -> V | None:
        found = self._new.get(key)
        if found is None:
            found = self._old.get(key)
            if found is not None:
                self.put(key, found)
        return found

    def put(self, key: K, read: V) -> None:
        if len(self._new) >= MOST:
            self._new, self._old = {}, self._new
        self._new[key] = read


_recent: Recent[bytes, Read] = Recent()
_described: Recent[str, str] = Recent()


def describe(fingerprint: str, said: str) -> None:
    """Remembers what the row of this fingerprint says. A hint: another digester may have written it since."""
    _described.put(fingerprint, said)


def described(fingerprint: str) -> str:
    return _described.get(fingerprint) or ""


def read(source: Source, wrapped: Wrapped, received: datetime, notes: tuple[str, ...], whose: Whose) -> Told:
    """Raises Unmappable."""
    alert = normalise.shaped(source, wrapped)
    key = _key(alert, notes, whose) if alert.shape.repeats else None
    before = _recent.get(key) if key is not None else None
    if before is not None and before.source is source and before.shape is alert.shape:
        finding = before.finding
        seen = normalise.again(finding.state, before.doubts, alert, received)
        if seen is not None:
            event = Event(*seen, finding.state, finding.severity)
            return Told(before.fingerprint, event, before.things, before.said, before)
    return _read(alert, received, notes, whose, key)


def _read(alert: Shaped, received: datetime, notes: tuple[str, ...], whose: Whose, key: bytes | None) -> Told:
    finding = normalise.read(alert, received, notes)
    known_by = fingerprint(finding, *whose)
    event = Event(finding.first, finding.last, finding.changed, finding.state, finding.severity)
    things = tuple([(one["type"], one["value"]) for one in finding.observables])
    told = Told(known_by, event, things, known=finding)
    if key is not None:
        try:
            whole = marshal.dumps((finding.normal, finding.observables))
        except ValueError:
            return told
        doubts = normalise.doubts(finding)
        told.said = said(key.hex(), finding.state, *doubts)
        light = replace(finding, normal=_NOTHING, observables=_NONE)
        told.read = Read(alert.source, alert.shape, light, whole, doubts, known_by, told.said, things)
        _recent.put(key, told.read)
    return told


def said(*words: str) -> str:
    """A name of all these words: 32 hex digits."""
    return blake2b("\0".join(words).encode(), digest_size=16).hexdigest()


def _key(alert: Shaped, notes: tuple[str, ...], whose: Whose) -> bytes | None:
    """None where it is too long, or nothing that JSON could say."""
    source, shape, document, envelope = alert
    around = {name: envelope[name] for name in shape.around if name in envelope} if envelope and shape.around else None
    try:
        words = _encode((shape.name, *whose, notes, shape.told(document), around))
    except (UnicodeEncodeError, RecursionError):
        return None
    if len(words) > LARGEST:
        return None
    return blake2b(words, digest_size=16, key=_salt(source.code, source.text)).digest()


@lru_cache(maxsize=1_024)
def _salt(*source: str) -> bytes:
    """Other words of a source, and another Hikeshi, read otherwise."""
    return bytes.fromhex(said(__version__, *source))
