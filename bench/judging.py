"""Microseconds that rules cost an alert, at 20 to 10,000 rules in force, and what asking every one of them would cost.

    .venv/bin/python bench/judging.py [RULES…]

The rules are the shipped ones and copies of their forms with words of their own; the alerts are the sources' samples as
they are digested. Correlations' signals are counted with them. Each figure is the best of several rounds in processor
time: judging waits for nothing, and other work on the machine is not its own.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from hikeshi.intake import rulebook
from hikeshi.intake.field_values import Document
from hikeshi.intake.rulebook import Rule, RuleBook
from hikeshi.intake.sources import book as sources
from tools.sources import findings, samples

SIZES = (20, 200, 2_000, 10_000)
ROUNDS, ALERTS = 5, 2_000
FORMS: tuple[Callable[[str, int], dict[str, object]], ...] = (
    lambda word, number: {"finding_info.title|contains": [word, f"{word}.gen", f"x/{word}"], "severity_id|gte": 3},
    lambda word, number: {"evidences.process.cmd_line|contains|all": [word, "-enc"]},
    lambda word, number: {"finding_info.analytic.uid": word, "severity_id": [4, 5]},
    lambda word, number: {"src_endpoint.ip|cidr": f"10.{number % 250}.0.0/16", "finding_info.title|startswith": word},
    lambda word, number: {"finding_info.types|contains": word, "status_id": 1},
    lambda word, number: {"evidences.process.name|endswith": f"\\{word}.exe"},
)
PRODUCTS = ("suricata", "wazuh", "defender", "guardduty", "crowdstrike", "")


def main() -> None:
    sizes = [int(each) for each in sys.argv[1:]] or SIZES
    shipped = [rule for rule in rulebook.known()[0].values() if not rule.disabled]
    every = shipped + list(islice(written(), max(sizes)))
    normal = list(islice(cycle(alerts()), ALERTS))
    print("              microseconds for each of", f"{ALERTS:,} alerts, processor time")
    print("   rules   all that match   first and signals   every rule asked   indexed in")
    for size in sizes:
        began = time.process_time()
        book = RuleBook(every[:size])
        ready = time.process_time() - began
        matching, first, bare = (each * 1e6 for each in cost(book, normal, normal[:: max(1, size // 100)]))
        print(f"{size:8,} {matching:16.1f} {first:19.1f} {bare:18.1f} {ready:10.2f} s")


def cost(book: RuleBook, normal: list[Document], few: list[Document]) -> tuple[float, float, float]:
    return (
        best(lambda: [list(book.matches(one)) for one in normal]) / len(normal),
        best(lambda: [(next(book.matches(one)), list(book.signals(one))) for one in normal]) / len(normal),
        best(lambda: [[rule.test(one) for rule in book.rules] for one in few], rounds=2) / len(few),
    )


def best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    found = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        found.append(time.process_time() - began)
    return min(found)


def forms() -> Iterator[tuple[str, dict[str, object]]]:
    """Rules as a site would write them, each with words of its own, by one of these words."""
    chance = random.Random(7)
    for number in range(10**9):
        word = "".join(chance.choices("abcdefghijklmnoprstuvwz", k=7))
        source = {"category": "finding", "product": PRODUCTS[number % len(PRODUCTS)]}
        source = {key: value for key, value in source.items() if value}
        detection = {"a": FORMS[number % len(FORMS)](word, number), "condition": "a"}
        yield word, {"title": word, "logsource": source, "detection": detection}


def written() -> Iterator[Rule]:
    for word, data in forms():
        _, test, cover = rulebook.compiled(data, yaml.safe_dump(data), "bench")
        yield replace(rulebook.DEFAULT, code=word, rank=500, test=test, cover=cover)


def alerts() -> list[Document]:
    """Every sample of every source in its normal form."""
    found = [(code, sample.read_bytes()) for code in sorted(sources.shipped()) for sample in samples(code)]
    return [one.normal for code, body in found for one in findings(code, body)]


if __name__ == "__main__":
    main()
