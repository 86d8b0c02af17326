"""A million indicators: how long lists of them take to be brought in, in how much memory, and what comparing costs.

    .venv/bin/python bench/indicators.py [--lists 10]

Each list has as many values as one may (100,000): half of them hashes, the others domains and addresses. Compared are
batches of 500 alerts that name four things each, none of them listed or one in ten; before the first list is there, and
after each. Processor time, the best of several rounds: comparing waits for nothing.
"""

import argparse
import hashlib
import resource
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import throwaway

ALERTS, ROUNDS = 500, 7
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
    wanted = options.parse_args().lists
    throwaway.prepare()
    from hikeshi.accounts import actions as accounts
    from hikeshi.accounts import queries
    from hikeshi.assets import actions
    from hikeshi.assets.intelligence.reading import MOST
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
        body = "\n".join(value(one) for one in range(number * MOST, (number + 1) * MOST)).encode()
        began = time.perf_counter()
        actions.add_indicators(by=desk, organisation=root, title=f"Feed {number}", body=body)
        took = time.perf_counter() - began
        known = f"{intelligence.total():,}"
        print(LINE.format(known, f"{took:.1f}", f"{MOST / took:,.0f}", peak(), f"{cost(0):.1f}", f"{cost(1):.1f}"))
    print("An alert costs so many microseconds of processor time for its four things.")


def peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f}"


if __name__ == "__main__":
    main()
