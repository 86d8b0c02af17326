"""What every source's samples become, and which fields are found in them.

``python -m tools.sources`` prints the table of field coverage; ``expect [code …]`` writes `expect/` anew, to be read by
whoever changed a mapping; ``update`` writes the table into docs/sources.md.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hikeshi.intake import framing, normalise
from hikeshi.intake.normalise import Finding
from hikeshi.intake.sources import book

RECEIVED: Final = datetime(2026, 11, 21, 10, tzinfo=UTC)
PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "sources.md"
_BEGIN, _END = "<!-- coverage -->\n", "<!-- /coverage -->\n"


def findings(source: str, body: bytes) -> list[Finding]:
    return [
        normalise.finding(book.shipped()[source], wrapped, RECEIVED, element.notes)
        for element in framing.elements(body, "")
        for wrapped in framing.alerts_of(source, element)
    ]


def samples(code: str) -> list[Path]:
    return sorted(path for path in (book.FOLDER / code / "samples").iterdir() if path.name != "ORIGIN")


def told(found: Finding) -> dict[str, object]:
    return {
        "shape": found.shape,
        "title": found.title,
        "severity": found.severity,
        "state": found.state,
        "first": found.first.isoformat(),
        "last": found.last.isoformat(),
        "changed": found.changed.isoformat(),
        "identity": list(found.identity),
        "observables": [f"{one['type']} {one['value']}" for one in found.observables],
        "normal": found.normal,
    }


def expected(sample: Path) -> Path:
    return sample.parent.parent / "expect" / f"{sample.name}.json"


def _holds(found: Finding, *keys: str) -> bool:
    value: object = found.normal
    for key in keys:
        value = value[0] if isinstance(value, list) and value else value
        value = value.get(key) if isinstance(value, dict) else None
    return bool(value)


def _seen(found: Finding, *kinds: str) -> bool:
    return any(one["type"] in kinds for one in found.observables)


FIELDS: Final[Mapping[str, Callable[[Finding], bool]]] = {
    "title": lambda found: bool(found.title),
    "severity": lambda found: "severity_unknown" not in str(found.normal.get("unmapped")),
    "time": lambda found: found.first != RECEIVED,
    "host": lambda found: _holds(found, "device", "hostname") or _seen(found, "host"),
    "user": lambda found: _holds(found, "actor", "user", "name") or _seen(found, "user"),
    "address": lambda found: _seen(found, "ip"),
    "hash": lambda found: _seen(found, "hash"),
    "rule": lambda found: _holds(found, "finding_info", "analytic"),
    "technique": lambda found: _holds(found, "finding_info", "attacks"),
    "link": lambda found: _holds(found, "finding_info", "src_url"),
    "resource": lambda found: _holds(found, "resources") or _seen(found, "resource"),
    "end": lambda found: found.state == normalise.State.RESOLVED,
}


def covered(code: str) -> set[str]:
    """The fields found in at least one sample."""
    found = [one for sample in samples(code) for one in findings(code, sample.read_bytes())]
    return {name for name, holds in FIELDS.items() if any(holds(one) for one in found)}


def table() -> str:
    rows = [f"| source | {' | '.join(FIELDS)} |", f"|---|{'---|' * len(FIELDS)}"]
    for code in sorted(book.shipped().keys() - {book.CANARY}):
        found = covered(code)
        rows.append(f"| `{code}` | {' | '.join('●' if name in found else '·' for name in FIELDS)} |")
    return "\n".join(rows) + "\n"


def shown() -> str:
    """The table as the page has it."""
    return PAGE.read_text(encoding="utf-8").partition(_BEGIN)[2].partition(_END)[0]


def _update() -> None:
    before, _begin, rest = PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    PAGE.write_text(f"{before}{_BEGIN}{table()}{_END}{rest.partition(_END)[2]}", encoding="utf-8")


def _expect(codes: Iterator[str]) -> None:
    for code in codes:
        for sample in samples(code):
            found = [told(one) for one in findings(code, sample.read_bytes())]
            text = json.dumps(found, ensure_ascii=False, indent=1)
            expected(sample).write_text(f"{text}\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    match arguments:
        case []:
            sys.stdout.write(table())
        case ["update"]:
            _update()
        case ["expect", *codes]:
            _expect(iter(codes or book.shipped()))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
