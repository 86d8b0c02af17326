"""A mapping as a form says it: one kind of alert, a line per name of the normal form. Both ways, losing nothing. Pure.

What the form has no words for stays text: several shapes, conditions, lists of expressions, comments.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Final

from hikeshi.intake import sigma_text, site_sources
from hikeshi.intake.sources import book
from hikeshi.intake.sources.mapping import as_number, expression, folded

TITLE, SEVERITY, STATE, IDENTITY = "finding_info.title", "severity", "state", "identity"
_TIMES: Final = ("first", "last", "changed", "resolved")
_OBSERVED: Final[Mapping[str, str]] = {
    "device.hostname": "host",
    "device.ip": "ip",
    "src_endpoint.ip": "ip",
    "dst_endpoint.ip": "ip",
    "actor.user.name": "user",
    "actor.user.email_addr": "email",
    "evidences.file.name": "file",
    "evidences.file.hash": "hash",
    "evidences.process.name": "process",
    "evidences.process.cmd_line": "command",
    "evidences.url.url_string": "url",
    "resources.uid": "resource",
    "cloud.account.uid": "account",
}
"""What stands in these can be looked for elsewhere, so it is also kept as a trace, without anybody having to say so."""
TARGETS: Final = (
    TITLE,
    SEVERITY,
    STATE,
    IDENTITY,
    *(f"times.{name}" for name in _TIMES),
    "finding_info.desc",
    "finding_info.uid",
    "finding_info.types",
    "finding_info.src_url",
    "finding_info.analytic.name",
    "finding_info.analytic.uid",
    "finding_info.attacks",
    *_OBSERVED,
    "evidences.file.path",
    "risk_score",
    "metadata.product.name",
    "metadata.labels",
    *(f"observables.{kind}" for kind in ("ip", "host", "domain", "user", "email", "url", "file", "hash", "mac")),
    "unmapped",
)
_DEFAULTS: Final[Mapping[str, str]] = {SEVERITY: "'medium'", STATE: "'firing'"}
_CONVERSIONS: Final = frozenset({"from", "match", "time", "zone", "map", "at_least", "otherwise"})


class Unsayable(Exception):
    """The form has no words for this text. ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Line:
    """``table`` holds a line per word, ``word = value``; with ``>=`` before each, numbers are compared instead."""

    name: str
    path: str
    table: str = ""
    otherwise: str = ""
    match: str = ""
    time: str = ""
    zone: str = ""


PARTS: Final = tuple(one.name for one in fields(Line))


@dataclass(frozen=True, slots=True)
class Plain:
    lines: tuple[Line, ...] = ()
    unwrap: tuple[str, ...] = ()
    keys: str = ""
    shape: str = "alert"  # part of what makes two alerts one thing, so it stays as it was


class BadTable(ValueError):
    """A line of a table is no ``word = value``."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def written(plain: Plain) -> str:
    """The text these lines stand for. Raises BadTable."""
    shape: dict[str, object] = {"name": plain.shape}
    shape[IDENTITY] = [_spec(line) for line in plain.lines if line.name == IDENTITY]
    for name, default in _DEFAULTS.items():
        shape[name] = next((_spec(line) for line in plain.lines if line.name == name), default)
    times = {name: _first(plain, f"times.{name}") for name in _TIMES}
    normal = {line.name: _spec(line) for line in plain.lines if _is_normal(line.name)}
    unmapped = {_last(line.path): _spec(line) for line in plain.lines if line.name == "unmapped"}
    parts = {
        "times": {name: spec for name, spec in times.items() if spec is not None},
        "normal": normal,
        "observables": _observables(plain.lines, normal),
        "unmapped": unmapped,
    }
    shape.update({name: part for name, part in parts.items() if part or name == "normal"})
    data: dict[str, object] = {"unwrap": list(plain.unwrap)} if plain.unwrap else {}
    if plain.keys:
        data["keys"] = plain.keys
    return site_sources.dumped({**data, "shapes": [shape]})


def read(text: str) -> Plain:
    """Raises Unsayable, and BadRule for what is no text of a mapping."""
    if not text.strip():
        return Plain()
    data = site_sources.document(text)
    if any(line.lstrip().startswith("#") for line in text.splitlines()):
        raise Unsayable("comments")
    shapes = data.get("shapes")
    if not isinstance(shapes, list) or len(shapes) != 1 or not isinstance(shapes[0], dict):
        raise Unsayable("several")
    shape = shapes[0]
    if "when" in shape:
        raise Unsayable("when")
    found = Plain(
        tuple(_lines(shape)),
        tuple(str(step) for step in _list(data.get("unwrap", []))),
        str(data.get("keys", "")),
        str(shape.get("name", "alert")),
    )
    given = {**data, "shapes": [{STATE: _DEFAULTS[STATE], **shape, IDENTITY: _list(shape.get(IDENTITY, []))}]}
    if sigma_text.document(written(found), site_sources.NAME) != given:
        raise Unsayable("expressions")
    return found


def words_of_states() -> str:
    """The words by which most products say that something is over, as the table of a line."""
    return "\n".join(f"{word} = {value}" for word, value in _common().items())


def check(line: Line) -> None:
    """Raises BadTable, and BadMapping for what is no expression."""
    expression(_spec(line))


def repeated(lines: Iterable[Line]) -> frozenset[int]:
    """Places of lines that would silently replace an earlier one."""
    seen: set[str] = set()
    found = []
    for place, line in enumerate(lines):
        key = f"unmapped.{_last(line.path)}" if line.name == "unmapped" else line.name
        if key in seen and line.name != IDENTITY and not line.name.startswith("observables."):
            found.append(place)
        seen.add(key)
    return frozenset(found)


@cache
def _common() -> Mapping[str, str]:
    shape = book.written(book.FOLDER / "generic" / "source.yaml")["shapes"]
    table = shape[0]["state"]["map"] if isinstance(shape, list) else {}
    return {str(word): str(value) for word, value in table.items()}


def _is_normal(name: str) -> bool:
    return name not in {SEVERITY, STATE, IDENTITY, "unmapped"} and not name.startswith(("times.", "observables."))


def _first(plain: Plain, name: str) -> object:
    return next((_spec(line) for line in plain.lines if line.name == name), None)


def _last(path: str) -> str:
    return path.split(" | ", maxsplit=1)[0].rpartition(".")[2].strip('"[]') or "value"


def _observables(lines: Iterable[Line], normal: Mapping[str, object]) -> dict[str, object]:
    found: dict[str, list[object]] = {}
    for name, spec in normal.items():
        if name in _OBSERVED:
            found.setdefault(_OBSERVED[name], []).append(spec)
    for line in lines:
        if line.name.startswith("observables."):
            found.setdefault(line.name.partition(".")[2], []).append(_spec(line))
    return {kind: specs[0] if len(specs) == 1 else specs for kind, specs in found.items()}


def _spec(line: Line) -> object:
    converted: dict[str, object] = {"from": line.path}
    for name in ("match", "time", "zone"):
        if getattr(line, name):
            converted[name] = getattr(line, name)
    if line.table.strip():
        table = _table(line.table)
        steps = all(isinstance(word, str) and word.startswith(">=") for word in table)
        converted["at_least" if steps else "map"] = {_number(word): table[word] for word in table} if steps else table
    if line.otherwise:
        converted["otherwise"] = line.otherwise
    return converted if len(converted) > 1 else line.path


def _number(word: str) -> object:
    found = as_number(word.removeprefix(">=").strip())
    if found is None:
        raise BadTable(word)
    return int(found) if found.is_integer() else found


def _table(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in text.splitlines():
        # The last sign parts the two, so that ">= 7 = high" reads as it looks.
        word, sign, value = (part.strip() for part in line.rpartition("="))
        if not line.strip():
            continue
        if not sign or not word or not value or word == ">" or folded(word) in map(folded, found):
            raise BadTable(line.strip())
        found[word] = value
    return found


def _lines(shape: Mapping[str, object]) -> list[Line]:
    found = [_line(IDENTITY, spec) for spec in _list(shape.get(IDENTITY, []))]
    found += [_line(name, shape[name]) for name in _DEFAULTS if shape.get(name, _DEFAULTS[name]) != _DEFAULTS[name]]
    found += [_line(f"times.{name}", spec) for name, spec in _dict(shape.get("times", {})).items()]
    normal = _dict(shape.get("normal", {}))
    found += [_line(name, spec) for name, spec in normal.items()]
    derived: dict[str, list[object]] = {}
    for name, spec in normal.items():
        if name in _OBSERVED:
            derived.setdefault(_OBSERVED[name], []).append(spec)
    for kind, spec in _dict(shape.get("observables", {})).items():
        given = spec if isinstance(spec, list) else [spec]
        found += [_line(f"observables.{kind}", one) for one in given[len(derived.get(kind, [])) :]]
    found += [_line("unmapped", spec) for spec in _dict(shape.get("unmapped", {})).values()]
    return sorted(found, key=lambda line: TARGETS.index(line.name) if line.name in TARGETS else len(TARGETS))


def _line(name: str, spec: object) -> Line:
    if isinstance(spec, str):
        return Line(name, spec)
    if not isinstance(spec, dict) or set(spec) - _CONVERSIONS or not isinstance(spec.get("from"), str):
        raise Unsayable("expressions")
    if "map" in spec and "at_least" in spec:
        raise Unsayable("expressions")
    table = [f"{word} = {value}" for word, value in _dict(spec.get("map", {})).items()]
    table += [f">= {word} = {value}" for word, value in _dict(spec.get("at_least", {})).items()]
    plain = {part: str(spec.get(part, "")) for part in ("otherwise", "match", "time", "zone")}
    return Line(name, spec["from"], "\n".join(table), **plain)


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        return [value]
    return value


def _dict(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Unsayable("expressions")
    return {str(key): item for key, item in value.items()}
