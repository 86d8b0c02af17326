"""The mapping language: small expressions in YAML that say where in a body a value is. A new source is a new file.

    alert.signature                       a path; keys with dots are quoted: labels."app.kubernetes.io/name"
    evidence[].ipAddress   ips[0]         every item of a list; one item
    entities[entityType=Url].url          the items of a list that say so
    ^.externalURL                         from the body around the alert (the envelope)
    rule.description | full_log           the first that has a value
    "{rule.id}: {agent.name}"             text with values put in; without one of them the whole text has no value
    'firing'                              these letters themselves
    @received                             the time of receipt (in times only)
    [a, b, c[]]                           all values of all of them, as a list
    {from: rule.level, at_least: {12: high, 0: low}}    the entry with the greatest key not above the number
    {from: status, map: {active: firing}, otherwise: firing}    a table; letters' case and width do not matter
    {from: text, match: '(?m)^Agent (.+)$'}             the first group of a pattern (RE2)
    {from: raised, time: '%d/%m/%Y %H:%M', zone: Asia/Tokyo}   a time written in a way of its own (strptime)
    {from: status, map: {new: firing}, else: outcome}   another expression where the table has no entry

A value that is null, empty or blank counts as absent, whatever its type. A shape with ``follows: other`` speaks of
alerts that the shape ``other`` told of, by the same identity: they keep their words, only their state changes. What
``once`` lists differs with each sighting of one thing, as the number of a connection does: the row shows what the first
one said, and who says nothing else anew repeats it. It may lie in what is shown whole.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import re2

Document: TypeAlias = dict[str, object]
Getter: TypeAlias = Callable[[Document, Document | None], object]
T = TypeVar("T")
_USUAL_KEYS = 100
_KNOWN = 256

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|(?P<key>[^.\[\]"]+)|\[(?P<index>-?\d*)\]|\[(?P<which>[^\]=]+)=(?P<wanted>[^\]]+)\]|(?P<dot>\.)'
)
SLOT = re.compile(r"\{([^{}]+)\}")
_EACH = object()
_CONVERSIONS = frozenset({"from", "match", "time", "zone", "map", "at_least", "else", "otherwise"})
_ANY_TIME = datetime(2026, 11, 21, 10, 5, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Which:
    key: str
    wanted: str

    def __call__(self, item: object) -> bool:
        return isinstance(item, dict) and folded(item.get(self.key)) == self.wanted


class Likely(Generic[T]):
    """Of many things to look for, those that a document with just these keys can hold.

    Detectors send the same keys again and again, and few of all that a source's mapping knows.
    """

    __slots__ = ("_all", "_known")

    def __init__(self, things: Iterable[tuple[frozenset[str] | None, T]]) -> None:
        """Each with its ``roots``."""
        self._all = tuple(things)
        self._known: dict[tuple[str, ...], tuple[T, ...]] = {}

    def of(self, document: Document) -> tuple[T, ...]:
        keys = tuple(document)
        found = self._known.get(keys)
        if found is None:
            found = tuple(thing for roots, thing in self._all if roots is None or not roots.isdisjoint(keys))
            if len(keys) <= _USUAL_KEYS:
                if len(self._known) >= _KNOWN:
                    self._known.clear()
                self._known[keys] = found
        return found


class BadMapping(Exception):
    """The file says something the language cannot do; the message says what and where."""


def expression(spec: object) -> Getter:
    """Compiles one expression. Raises BadMapping."""
    if isinstance(spec, str):
        return _alternatives(spec)
    if isinstance(spec, list):
        return _collected([expression(item) for item in spec])
    if isinstance(spec, dict):
        return _converted(spec)
    raise BadMapping(f"an expression is a path, a list or a table, not {spec!r}")


def roots(spec: object) -> frozenset[str] | None:
    """Keys of a document without any of which this expression has no value there; None where it may have one anyway.
    Raises BadMapping.
    """
    if isinstance(spec, str):
        return _joined([_root(part.strip()) for part in spec.split(" | ")])
    if isinstance(spec, list):
        return _joined([roots(item) for item in spec])
    if isinstance(spec, dict):
        return None if "otherwise" in spec else _joined([roots(spec[key]) for key in ("from", "else") if key in spec])
    return None


def _joined(found: Sequence[frozenset[str] | None]) -> frozenset[str] | None:
    known = [each for each in found if each is not None]
    return frozenset().union(*known) if len(known) == len(found) else None


def _root(part: str) -> frozenset[str] | None:
    if part.startswith(("'", "@", "^.")):
        return None
    if "{" in part:  # without one of its values the whole text has none, so the first tells
        slots = SLOT.findall(part)
        return roots(slots[0]) if slots else None
    first = tokens_of(part)[0]
    return frozenset({first}) if isinstance(first, str) else None


def empty(value: object) -> bool:
    if type(value) is str:
        return not value or value.isspace()
    return value is None or (not value and isinstance(value, dict | list))


def folded(value: object) -> str:
    """A word without case, width or surrounding blanks, as tables compare it. Truth values read as JSON writes them."""
    if type(value) is str and value.isascii():
        return value.strip().lower()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return unicodedata.normalize("NFKC", str(value)).strip().casefold()


def _alternatives(spec: str) -> Getter:
    parts = [part.strip() for part in spec.split(" | ")]
    getters = [_single(part) for part in parts]
    if len(getters) == 1:
        return getters[0]

    def first(document: Document, envelope: Document | None) -> object:
        for getter in getters:
            value = getter(document, envelope)
            if value is not None and not empty(value):
                return value
        return None

    return first


def _single(part: str) -> Getter:
    quoted = len(part) > 1 and part[0] == part[-1] == "'"
    if quoted or part == "@received":
        literal = part[1:-1] if quoted else part
        return lambda document, envelope: literal
    if part == '"@received"':
        raise BadMapping('"@received" in quotes is a key; the time of receipt is written without them')
    if "{" in part:
        return _template(part.removeprefix('"').removesuffix('"'))
    return path(part)


def _template(text: str) -> Getter:
    pieces = SLOT.split(text)  # text, path, text, path, …, text
    getters = [_alternatives(piece) for piece in pieces[1::2]]
    texts = pieces[0::2]

    def filled(document: Document, envelope: Document | None) -> object:
        out = [texts[0]]
        for getter, after in zip(getters, texts[1:], strict=True):
            value = getter(document, envelope)
            if empty(value):
                return None
            out += [", ".join(str(item) for item in value) if isinstance(value, list) else str(value), after]
        return "".join(out)

    return filled


def path(text: str) -> Getter:
    """Compiles a path. Raises BadMapping."""
    around = text.startswith("^.")
    tokens = tokens_of(text.removeprefix("^."))
    walk = _walker(tokens)
    if around:
        return lambda document, envelope: None if envelope is None else walk(envelope)
    if all(isinstance(token, str) for token in tokens) and len(tokens) <= 3:
        return _plain([token for token in tokens if isinstance(token, str)])
    first, rest = tokens[0], _walker(tokens[1:])

    def found(document: Document, envelope: Document | None) -> object:
        value = document.get(first) if isinstance(first, str) else None
        return None if value is None else rest(value)

    return found


def tokens_of(text: str) -> list[object]:
    tokens: list[object] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise BadMapping(f"cannot read the path {text!r} at {position}")
        position = match.end()
        if match.lastgroup == "index":
            tokens.append(int(match["index"]) if match["index"] else _EACH)
        elif match["which"]:
            tokens.append(_Which(match["which"], folded(match["wanted"])))
        elif match.lastgroup != "dot":
            tokens.append(match["quoted"] or match["key"])
    if not tokens or text.endswith(".") or ".." in text:
        raise BadMapping(f"the path {text!r} has an empty step")
    return tokens


def _plain(keys: Sequence[str]) -> Getter:
    """Paths of one to three keys are nearly all there are; written out, they cost a third of the general walk."""
    if len(keys) == 1:
        (only,) = keys
        return lambda document, envelope: document.get(only)
    if len(keys) == 2:
        first, second = keys

        def two(document: Document, envelope: Document | None) -> object:
            inner = document.get(first)
            return inner.get(second) if type(inner) is dict else None

        return two
    first, second, third = keys

    def three(document: Document, envelope: Document | None) -> object:
        inner = document.get(first)
        inner = inner.get(second) if type(inner) is dict else None
        return inner.get(third) if type(inner) is dict else None

    return three


def _walker(tokens: Sequence[object]) -> Callable[[object], object]:
    if not tokens:
        return lambda value: value
    token, rest = tokens[0], _walker(tokens[1:])
    if token is _EACH:
        return lambda value: _flat(rest(item) for item in value) if isinstance(value, list) else rest(value)
    if isinstance(token, _Which):
        which = token
        return lambda value: _flat(rest(item) for item in value if which(item)) if isinstance(value, list) else None
    if isinstance(token, int):
        at = token
        return lambda value: rest(value[at]) if isinstance(value, list) and -len(value) <= at < len(value) else None
    return lambda value: rest(value.get(token)) if isinstance(value, dict) else None


def _flat(values: Iterable[object]) -> list[object] | None:
    found: list[object] = []
    for value in values:
        if type(value) is list:
            found += [item for item in value if not empty(item)]
        elif not empty(value):
            found.append(value)
    return found or None


def _collected(getters: Sequence[Getter]) -> Getter:
    return lambda document, envelope: _flat([getter(document, envelope) for getter in getters])


def _converted(spec: Mapping[object, object]) -> Getter:
    unknown = {str(key) for key in spec} - _CONVERSIONS
    if unknown or "from" not in spec:
        raise BadMapping(f"a table of an expression has {sorted(_CONVERSIONS)}; found {sorted(map(str, spec))}")
    getter = expression(spec["from"])
    if "time" in spec:
        getter = _timed(getter, str(spec["time"]), str(spec.get("zone", "")))
    for key, build in (("match", _matched), ("at_least", _at_least), ("map", _mapped)):
        if key in spec:
            getter = build(getter, spec[key])
    if "else" in spec:
        getter = _first_of(getter, expression(spec["else"]))
    if "otherwise" not in spec:
        return getter
    otherwise, inner = spec["otherwise"], getter

    def or_else(document: Document, envelope: Document | None) -> object:
        value = inner(document, envelope)
        return otherwise if value is None else value

    return or_else


def _first_of(one: Getter, other: Getter) -> Getter:
    def first(document: Document, envelope: Document | None) -> object:
        value = one(document, envelope)
        return other(document, envelope) if empty(value) else value

    return first


def _timed(getter: Getter, form: str, zone: str) -> Getter:
    """As ISO 8601. Without a zone, in the text or beside it, nobody knows which: that is remarked where it is read."""
    try:
        datetime.strptime(_ANY_TIME.strftime(form), form)  # noqa: DTZ007  # only to see that it can be read at all
        place = ZoneInfo(zone) if zone else None
    except (ValueError, OSError, re.error, KeyError) as error:
        raise BadMapping(f"times cannot be read as {form!r} {zone}: {error}") from error

    def read(document: Document, envelope: Document | None) -> object:
        value = getter(document, envelope)
        try:
            found = datetime.strptime(str(value).strip()[:100], form)  # noqa: DTZ007  # its zone comes next
        except (ValueError, OverflowError):
            return value
        return (found.replace(tzinfo=place) if place is not None and found.tzinfo is None else found).isoformat()

    return read


def said_of_pattern(error: re2.error) -> str:
    """What RE2 holds against a pattern: it says so in bytes."""
    said = error.args[0] if error.args else b""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)


def _matched(getter: Getter, pattern: object) -> Getter:
    try:
        compiled = re2.compile(str(pattern))
    except re2.error as error:
        raise BadMapping(f"the pattern {pattern!r} cannot be used: {said_of_pattern(error)}") from error

    def group(document: Document, envelope: Document | None) -> object:
        value = getter(document, envelope)
        found = compiled.search(value[:20_000]) if isinstance(value, str) else None
        return found.group(1) if found else None

    return group


def _at_least(getter: Getter, table: object) -> Getter:
    if not isinstance(table, dict):
        raise BadMapping("at_least is a table from numbers to values")
    steps = sorted(((float(key), value) for key, value in table.items()), reverse=True)

    def reached(document: Document, envelope: Document | None) -> object:
        number = as_number(getter(document, envelope))
        return None if number is None else next((value for least, value in steps if number >= least), None)

    return reached


def _mapped(getter: Getter, table: object) -> Getter:
    if not isinstance(table, dict):
        raise BadMapping("map is a table from words to values")
    words = {folded(key): value for key, value in table.items()}

    def looked_up(document: Document, envelope: Document | None) -> object:
        value = getter(document, envelope)
        return None if value is None or isinstance(value, (dict, list)) else words.get(folded(value))

    return looked_up


def as_number(value: object) -> float | None:
    """Numbers, also those written as text or in full width; a truth value is none."""
    if type(value) is bool or value is None:
        return None
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < 1e300 else None
    if isinstance(value, str):
        try:
            return float(value) if len(value) < 40 and "_" not in value else None
        except ValueError:
            return None
    return None
