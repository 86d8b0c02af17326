"""A million indicators: how long lists of them take to be brought in, in how much memory, and what comparing costs.

    .venv/bin/python bench/indicators.py [--lists 10] [--file 200]

First files of 20 MB and of ``--file`` MB are read, of each form, with as many values as such files hold (1.2 kB each):
both times they are gone through, and nothing is kept. Memory must be the same for both. Then the lists: each has
100,000 values, half of them hashes, the others domains and addresses. Compared are
batches of 500 alerts that name four things each, none of them listed or one in ten; before the first list is there, and
after each. Processor time, the best of several rounds: comparing waits for nothing.
"""

import argparse
import hashlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import throwaway

ALERTS, ROUNDS = 500, 7
VALUES = 100_000
FILE = "{:>6} {:>6} {:>10} {:>8} {:>10} {:>10}"
LINE = "{:>12} {:>12} {:>12} {:>12} {:>14} {:>14}"


def value(number: int) -> str:
    if number % 2:
        return hashlib.sha256(b"%d" % number).hexdigest()
    if number % 3:
        return f"host{number}.evil{number % 997}.example"
    return f"{11 + number % 80}.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--lists", type=int, default=10)
    options.add_argument("--file", type=int, default=200)
    said = options.parse_args()
    wanted = said.lists
    throwaway.prepare()
    files(said.file)
    from hikeshi.accounts import actions as accounts
    from hikeshi.accounts import queries
    from hikeshi.assets import actions
    from hikeshi.assets.queries import intelligence
    from hikeshi.kernel.acting import system

    desk = system("bench")
    accounts.bootstrap(by=desk, password="correct horse battery staple 1", organisation="Bench")
    root = queries.root().uuid

    def batch(round_: int, listed: int) -> list[tuple[str, str]]:
        """Four things an alert; ``listed`` of ten alerts name a value that is on a list."""
        seen = []
        for one in range(ALERTS):
            unknown = f"{round_}-{one}"
            seen += [("ip", f"10.{round_}.{one >> 8}.{one & 255}"), ("host", f"pc-{unknown}"), ("user", f"u{unknown}")]
            known = one % 10 < listed
            seen.append(("hash", value((round_ * ALERTS + one) * 2 + 1 if known else -one - 1 - round_ * ALERTS)))
        return seen

    def cost(listed: int) -> float:
        best = float("inf")
        for round_ in range(ROUNDS):
            seen = batch(round_, listed)
            began = time.process_time()
            intelligence.hits(seen)
            best = min(best, time.process_time() - began)
        return best / ALERTS * 1e6

    print(LINE.format("values", "seconds", "values/s", "peak MiB", "us, none hit", "us, 1 in 10"))
    print(LINE.format(0, "", "", peak(), f"{cost(0):.1f}", ""))
    for number in range(wanted):
        body = "\n".join(value(one) for one in range(number * VALUES, (number + 1) * VALUES)).encode()
        began = time.perf_counter()
        actions.add_indicators(by=desk, organisation=root, title=f"Feed {number}", pieces=lambda body=body: (body,))
        took = time.perf_counter() - began
        known = f"{intelligence.total():,}"
        print(LINE.format(known, f"{took:.1f}", f"{VALUES / took:,.0f}", peak(), f"{cost(0):.1f}", f"{cost(1):.1f}"))
    print("An alert costs so many microseconds of processor time for its four things.")


def files(largest: int) -> None:
    from hikeshi.assets.intelligence import reading

    print(FILE.format("form", "MB", "values", "cpu s", "MB/cpu s", "peak MiB"))
    print(FILE.format("", "", "", "", "", peak()))
    for form in reading.Form:
        for size in (20, largest):
            with tempfile.TemporaryFile() as file:
                write(file, form, size * 1_000_000)

                def pieces(file: IO[bytes] = file) -> Iterator[bytes]:
                    file.seek(0)
                    return iter(lambda: file.read(1 << 16), b"")

                began = time.process_time()
                read = reading.survey(pieces)
                assert sum(1 for _ in reading.values(pieces, read.form)) == read.count
                took = time.process_time() - began
            print(FILE.format(form, size, f"{read.count:,}", f"{took:.1f}", f"{size / took:.0f}", peak()))
    print()


def write(file: IO[bytes], form: str, size: int) -> None:
    """Each value with as much around it as their makers write, 1.2 kB."""
    begin, end = {
        "stix": ('{"type": "bundle", "objects": [', "{}]}"),
        "misp": ('{"response": [{"Event": {"Attribute": [', "{}]}}]}"),
        "lines": ("", ""),
    }[form]
    file.write(begin.encode())
    number = 0
    while file.tell() < size:
        number += 1
        one = value(number)
        sort = "file:hashes.'SHA-256'" if number % 2 else "domain-name:value" if number % 3 else "ipv4-addr:value"
        about = {"labels": ["malicious-activity"] * 12, "description": "x" * 500}
        told: dict[str, object] = {
            "stix": {
                "type": "indicator",
                "pattern": f"[{sort} = '{one}']",
                "valid_from": "2026-01-01T00:00:00Z",
                **about,
            },
            "misp": {"type": "sha256" if number % 2 else "domain", "value": one, "to_ids": True, **about},
        }
        file.write((json.dumps(told[form]) + ",\n" if form in told else f"{one},{'x' * 1_100}\n").encode())
    file.write(end.encode())


def peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f}"


if __name__ == "__main__":
    main()
