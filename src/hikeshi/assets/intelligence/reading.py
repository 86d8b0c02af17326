"""A file of indicators, whatever it is: a STIX bundle, MISP events, or plain lines. Bounded. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import msgspec

from hikeshi.assets.intelligence import misp, stix
from hikeshi.assets.intelligence.codes import Tlp
from hikeshi.assets.intelligence.values import Indicator, guessed
from hikeshi.kernel.refusals import Invalid

MOST_BYTES: Final = 20 * 1024 * 1024
MOST: Final = 100_000
"""Values of one file."""
STRICT: Final = (Tlp.CLEAR, Tlp.GREEN, Tlp.AMBER, Tlp.AMBER_STRICT, Tlp.RED)


class Form(StrEnum):
    STIX = "stix"
    MISP = "misp"
    LINES = "lines"


@dataclass(frozen=True, slots=True)
class Read:
    """``passed`` counts what is no value, or of no sort that alerts have. ``tlp`` is the strictest the file names."""

    form: Form
    indicators: tuple[Indicator, ...]
    passed: int
    tlp: Tlp | None = None


def read(body: bytes) -> Read:
    """Raises Invalid: too large, not readable, nothing in it, too many."""
    if len(body) > MOST_BYTES:
        raise Invalid("file", "file_too_large", limit=MOST_BYTES // 1_048_576)
    text = _text(body)
    if not text.lstrip().startswith(("{", "[")) or _is_line(text):
        return _gathered(Form.LINES, _lines(text), ())
    try:
        document: object = msgspec.json.decode(text.encode())
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid("file", "indicators_json", why=str(error)[:200]) from None
    if isinstance(document, dict) and stix.is_bundle(document):
        return _gathered(Form.STIX, stix.indicators(document), stix.markings(document))
    if misp.is_event(document):
        return _gathered(Form.MISP, misp.indicators(document), misp.markings(document))
    raise Invalid("file", "indicators_form")


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("file", "indicators_text", place=error.start) from None


def _is_line(text: str) -> bool:
    """``[2001:db8::1]`` begins as JSON does and is none."""
    return guessed(text.partition("\n")[0].strip().strip("[]")) is not None


def _lines(text: str) -> Iterator[Indicator | None]:
    for line in text.splitlines():
        plain = line.partition("#")[0].strip() if line.lstrip().startswith("#") or " #" in line else line.strip()
        if plain:
            yield guessed(plain.split(",")[0].split("\t")[0].strip().strip("[]"))


def _gathered(form: Form, found: Iterable[Indicator | None], marked: Iterable[Tlp]) -> Read:
    kept: dict[str, Indicator] = {}
    passed = 0
    for one in found:
        if one is None:
            passed += 1
            continue
        kept[one.key] = one
        if len(kept) > MOST:
            raise Invalid("file", "indicators_many", most=MOST)
    if not kept:
        raise Invalid("file", "indicators_none")
    strictest = max(marked, key=STRICT.index, default=None)
    return Read(form, tuple(kept.values()), passed, strictest)
