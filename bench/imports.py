"""How long files of assets and of people take: `python bench/imports.py [--assets N] [--people N]`.

A throw-away site in a temporary folder (or HIKESHI_DATABASE_URL, which must be empty) is brought a file of N assets, a
third of which need another, then the same file with one cell of every line changed, then a file of N people; the steps
of the engine carry them out, in this process. The limit beside it is a raw bulk insert of the same rows, 500 in a
transaction: no reading, no checking, no ledger. Prints rows a second of the wall and of the processor, and the longest
step, since other writers wait for it on SQLite; exits 1 where a line needs more of
the processor than it may.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

sys.path[:0] = [str(place) for place in (Path(__file__).parents[1], Path(__file__).parents[1] / "src")]

from bench.throwaway import prepare

if TYPE_CHECKING:
    from django.db.models import Model

    from hikeshi.accounts.models import Organisation

LIMITS = {"assets": 5.0, "people": 12.0}  # ms of processor time for a line; of people, what reaches them is looked up
BATCH = 500
OWNERS = 20


def asset_file(count: int, *, criticality: int) -> bytes:
    lines = ["資産番号,資産名,種類,重要度,管理責任者,ホスト名,IPアドレス,設置場所,依存先"]
    for number in range(count):
        needs = f"N-{(number * 7919) % count}" if number % 3 == 0 and (number * 7919) % count != number else ""
        lines.append(
            f"N-{number},端末 {number},機器,{criticality},owner{number % OWNERS},host{number}.corp.example,"
            f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256},東京 {number % 40} 階,{needs}"
        )
    return "\r\n".join(lines).encode()


def people_file(count: int, *, name: str) -> bytes:
    lines = ["ユーザー名,氏名,メールアドレス,役割"]
    lines += [f"u{number},{name} {number},u{number}@example.jp,対応者" for number in range(count)]
    return "\r\n".join(lines).encode()


@dataclass(frozen=True, slots=True)
class Took:
    what: str
    rows: int
    wall: float
    busy: float
    longest: float = 0.0

    def __str__(self) -> str:
        rates = f"{self.rows / self.wall:10,.0f} {self.rows / self.busy:10,.0f}"
        step = f"{self.longest * 1000:8.0f}" if self.longest else " " * 8
        return f"{self.what:30} {self.rows:8,} {self.wall:8.1f} {self.busy:8.1f} {rates} {step}"


def timed(what: str, rows: int, steps: Callable[[], bool]) -> Took:
    """``steps`` does one and says whether there may be more."""
    begun, began, longest, more = time.perf_counter(), time.process_time(), 0.0, True
    while more:
        at = time.perf_counter()
        more = steps()
        longest = max(longest, time.perf_counter() - at)
    return Took(what, rows, time.perf_counter() - begun, time.process_time() - began, longest)


def assets(what: str, body: bytes, count: int) -> Took:
    from hikeshi.assets import actions
    from hikeshi.assets.models import Import
    from hikeshi.kernel.acting import system
    from tests import world

    kept = None

    def step() -> bool:
        nonlocal kept
        if kept is None:
            place = world.site().uuid
            kept = actions.prepare_import(by=world.admin(), organisation=place, file_name="a.csv", body=body)
            actions.carry_out_import(by=world.admin(), imported_file=kept.uuid)
            return True
        return actions.continue_imports(by=system("imports"))

    took = timed(what, count, step)
    row = Import.objects.latest("pk")
    assert row.state == "done", (row.state, row.error, row.error_line)
    assert count in {row.added, row.changed}, (row.added, row.changed)
    return took


def copies(place: "Organisation") -> "list[Sequence[Model]]":
    """The same assets for another organisation, with all that belongs to them, in parts of one transaction each."""
    from hikeshi.assets.models import Asset, Dependency, Identifier
    from hikeshi.kernel.ids import uuid7

    fresh: dict[int, Asset] = {one.pk: one for one in Asset.objects.order_by("pk")}
    own, needed = list(Identifier.objects.all()), list(Dependency.objects.all())
    for one in fresh.values():
        one.pk, one.uuid, one.organisation, one._state.adding = None, uuid7(), place, True
    for one in own:
        one.pk, one.asset = None, fresh[one.asset_id]
    for one in needed:
        one.pk, one.asset, one.needs = None, fresh[one.asset_id], fresh[one.needs_id]
    kinds: list[list[Model]] = [list(fresh.values()), own, needed]
    return [kind[at : at + BATCH] for kind in kinds for at in range(0, len(kind), BATCH)]


def raw(count: int) -> Took:
    from django.db import transaction

    from tests import world

    queue = copies(world.organisation("Bare"))

    def step() -> bool:
        part = queue.pop(0)
        for one in part:
            for name in ("asset", "needs"):  # whose numbers are known by now
                if hasattr(one, name):
                    setattr(one, name, getattr(one, name))
        with transaction.atomic():
            type(part[0]).objects.bulk_create(part, batch_size=BATCH)
        return bool(queue)

    return timed("raw bulk insert of the assets", count, step)


def people(what: str, body: bytes, count: int) -> Took:
    from hikeshi.accounts import actions
    from hikeshi.accounts.models import PeopleFile
    from hikeshi.kernel.acting import system
    from tests import world

    kept = None

    def step() -> bool:
        nonlocal kept
        if kept is None:
            place = world.site().uuid
            kept = actions.prepare_people_import(by=world.admin(), organisation=place, file_name="a.csv", body=body)
            actions.carry_out_people_import(by=world.admin(), people_file=kept.uuid)
            return True
        return actions.continue_people_imports(by=system("imports"))

    took = timed(what, count, step)
    row = PeopleFile.objects.latest("pk")
    assert row.state == "done", (row.state, row.error, row.error_line)
    assert count in {row.added, row.changed}, (row.added, row.changed)
    return took


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--assets", type=int, default=20_000)
    arguments.add_argument("--people", type=int, default=5_000)
    wanted = arguments.parse_args()
    prepare()
    from django.db import connection

    from tests import world

    for number in range(OWNERS):
        world.person(f"owner{number}", "responder")
    print(f"{connection.vendor}")
    print(f"{'what':30} {'lines':>8} {'wall s':>8} {'CPU s':>8} {'a second':>10} {'of CPU':>10} {'step ms':>8}")
    slow = False
    todo: list[Callable[[], Took]] = []
    if wanted.assets:
        count = wanted.assets
        todo += [
            lambda: assets("assets, all of them new", asset_file(count, criticality=2), count),
            lambda: assets("assets, each changed", asset_file(count, criticality=3), count),
            lambda: raw(count),
        ]
    if wanted.people:
        todo += [
            lambda: people("people, all of them new", people_file(wanted.people, name="山田"), wanted.people),
            lambda: people("people, each renamed", people_file(wanted.people, name="佐藤"), wanted.people),
        ]
    for one in todo:
        took = one()
        print(took, flush=True)
        slow = slow or took.busy / took.rows * 1_000 > LIMITS.get(took.what.split(",")[0], 5.0)
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
