"""The ledger: nothing happens without an entry, no entry can be changed unseen, nobody misses one."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.facts import JSON, Fact, Row
from hikeshi.ledger import acts, heads, reactions, states, triggers
from hikeshi.ledger.access import note_reading
from hikeshi.ledger.models import Cursor, Entry, Head, Parked, Reading
from hikeshi.ledger.reactions import EntryView
from hikeshi.ledger.verify import Break, verify

BY = system("test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Painted(Fact):
    fence: UUID
    colour: str

    def sets(self) -> Mapping[str, Row]:
        return {f"test.fence:{self.fence}": {"colour": self.colour}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed(Fact):
    fence: UUID

    def sets(self) -> Mapping[str, Row]:
        return {f"test.fence:{self.fence}": None}


def _paint(fence: UUID, colour: str) -> None:
    with acts.unit():
        acts.record(Painted(fence=fence, colour=colour), subject=f"fence:{fence}", by=BY, topics=("fences",))


def _behind_the_back(**columns: object) -> None:
    with triggers.lifted(connection):
        Entry.objects.filter(number=2).update(**columns)


@pytest.fixture
def fences() -> Iterator[dict[str, dict[str, JSON]]]:
    rows: dict[str, dict[str, JSON]] = {}
    states.register("test.fence", lambda: iter(list(rows.items())))
    yield rows
    states._tables.pop("test.fence")


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """A reaction to Painted that fails on red while ``broken`` stands first in the list it returns."""
    said: list[tuple[str, int]] = []

    def listen(fact: Painted, entry: EntryView) -> None:
        if fact.colour == "red" and ("broken", 0) in said:
            raise ValueError("red")
        said.append((fact.colour, entry.number))

    monkeypatch.setattr(reactions, "_reactions", {})
    reactions.when(Painted)(listen)
    reactions.begin()
    return said


def _settle() -> None:
    while reactions.step(clock.now()):
        pass


def test_entries_are_numbered_without_gaps_in_commit_order_and_the_chain_holds() -> None:
    for colour in ("red", "green", "blue"):
        _paint(uuid4(), colour)
    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    report = verify()
    assert report.holds
    assert (report.entries, report.head) == (3, Head.objects.get().hash)


def test_what_was_undone_leaves_no_entry_and_what_went_on_does() -> None:
    fence = uuid4()
    with acts.unit():
        acts.record(Painted(fence=fence, colour="kept"), subject="fence:1", by=BY)
        with pytest.raises(ValueError, match="no"), acts.unit():
            acts.record(Painted(fence=fence, colour="undone"), subject="fence:1", by=BY)
            raise ValueError("no")
    with pytest.raises(ValueError, match="no"), acts.unit():
        acts.record(Painted(fence=fence, colour="gone"), subject="fence:1", by=BY)
        raise ValueError("no")
    assert [Painted.read(body).colour for body in Entry.objects.values_list("body", flat=True)] == ["kept"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows no INSERT OR REPLACE")
def test_an_entry_is_not_replaced_either_and_a_trigger_of_that_name_that_does_nothing_is_found() -> None:
    _paint(uuid4(), "red")
    with pytest.raises(IntegrityError, match="does not forget"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT OR REPLACE INTO ledger_entry SELECT * FROM ledger_entry")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_entry_refuse_delete")
        cursor.execute("CREATE TRIGGER ledger_entry_refuse_delete BEFORE DELETE ON ledger_entry BEGIN SELECT 1; END")
    assert [one.where for one in verify().findings] == ["ledger_entry_refuse_delete"]
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER ledger_entry_refuse_delete")
    triggers.install(connection)
    assert verify().holds


def test_a_fact_outside_an_action_is_refused() -> None:
    with pytest.raises(acts.OutsideAction):
        acts.record(Painted(fence=uuid4(), colour="red"), subject="fence:1", by=BY)


@pytest.mark.parametrize("table", [Entry, Reading])
def test_the_database_itself_refuses_to_rewrite_or_forget(table: type[Entry] | type[Reading]) -> None:
    _paint(uuid4(), "red")
    note_reading(by=BY, subject="fence:1", what="room")
    for forbidden in (lambda: table.objects.update(subject="x"), lambda: table.objects.all().delete()):
        with pytest.raises(IntegrityError, match="does not forget"), transaction.atomic():
            forbidden()
    assert table.objects.exclude(subject="x").count() == 1


def test_a_missing_trigger_is_named() -> None:
    with connection.cursor() as cursor:
        on = " ON ledger_entry" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER ledger_entry_refuse_update{on}")
    assert [(one.reason, one.where) for one in verify().findings] == [
        (Break.TRIGGER_MISSING, "ledger_entry_refuse_update")
    ]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"body": '{"fence":"x","colour":"white"}'}, Break.ENTRY_CHANGED),
        ({"actor": "person:somebody-else"}, Break.ENTRY_CHANGED),
        ({"hash": "0" * 64}, Break.CHAIN_BROKEN),
        ({"previous_hash": "0" * 64}, Break.CHAIN_BROKEN),
        ({"number": 9}, Break.ENTRY_MISSING),
    ],
)
def test_one_changed_entry_is_named(columns: dict[str, object], reason: Break) -> None:
    for colour in ("red", "green", "blue"):
        _paint(uuid4(), colour)
    _behind_the_back(**columns)
    assert [(one.reason, one.where) for one in verify().findings] == [(reason, "2")]


def test_a_cut_tail_is_named_even_when_the_head_was_cut_with_it() -> None:
    for colour in ("red", "green", "blue"):
        _paint(uuid4(), colour)
    kept = heads.read(heads.sign("master"), "master")
    with triggers.lifted(connection):
        Entry.objects.filter(number=3).delete()
    assert [(one.reason, one.where) for one in verify().findings] == [(Break.TAIL_CUT, "3")]
    Head.objects.update(number=2, hash=Entry.objects.get(number=2).hash)
    assert verify().holds, "without a head kept elsewhere this cannot be seen in the chain alone"
    assert [(one.reason, one.where) for one in verify(against=kept).findings] == [(Break.TAIL_CUT, "3")]


def test_a_recomputed_chain_differs_from_the_head_kept_elsewhere() -> None:
    for colour in ("red", "green"):
        _paint(uuid4(), colour)
    kept = heads.read(heads.sign("master"), "master")
    with triggers.lifted(connection):
        Entry.objects.all().delete()
    Head.objects.all().delete()
    for colour in ("white", "white", "white"):
        _paint(uuid4(), colour)
    assert verify().holds
    assert [(one.reason, one.where) for one in verify(against=kept).findings] == [(Break.HEAD_DIFFERS, "2")]


def test_a_head_signed_by_another_key_or_altered_is_refused() -> None:
    line = heads.sign("master")
    for bad in (heads.sign("other"), line.replace(":0:", ":1:"), line[:-6], "", "hikeshi-head:1:0"):
        with pytest.raises(heads.BadHead):
            heads.read(bad, "master")


def test_a_row_edited_behind_the_ledgers_back_is_named(fences: dict[str, dict[str, JSON]]) -> None:
    mine, gone = uuid4(), uuid4()
    _paint(mine, "red")
    _paint(mine, "green")
    _paint(gone, "blue")
    with acts.unit():
        acts.record(Removed(fence=gone), subject=f"fence:{gone}", by=BY)
    fences[str(mine)] = {"colour": "green"}
    assert verify(state=True).holds
    fences[str(mine)] = {"colour": "white"}
    assert [(one.reason, one.where, one.detail) for one in verify(state=True).findings] == [
        (Break.ROW_CHANGED, f"test.fence:{mine}", "colour")
    ]
    fences.clear()
    assert [one.reason for one in verify(state=True).findings] == [Break.ROW_MISSING]
    fences[str(mine)] = {"colour": "green"}
    fences[str(gone)] = {"colour": "blue"}
    assert [(one.reason, one.where) for one in verify(state=True).findings] == [
        (Break.ROW_UNKNOWN, f"test.fence:{gone}")
    ]


def test_a_reaction_hears_each_fact_once_from_where_it_began(heard: list[tuple[str, int]]) -> None:
    _paint(uuid4(), "red")
    _paint(uuid4(), "green")
    _settle()
    _settle()
    assert heard == [("red", 1), ("green", 2)]


def test_a_new_reaction_does_not_replay_the_past(heard: list[tuple[str, int]]) -> None:
    _paint(uuid4(), "red")
    Cursor.objects.all().delete()
    reactions.begin()
    _paint(uuid4(), "green")
    _settle()
    assert heard == [("green", 2)]


def test_a_reaction_nothing_asks_anything_of_writes_nothing_and_hears_what_comes_once_it_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    unused = [True]

    def listen(fact: Painted, entry: EntryView) -> None:
        said.append(fact.colour)

    monkeypatch.setattr(reactions, "_reactions", {})
    reactions.when(Painted, unless=lambda: unused[0])(listen)
    reactions.begin()
    _paint(uuid4(), "red")
    _settle()
    assert (said, Cursor.objects.get().number) == ([], Head.objects.get().number)
    unused[0] = False
    _paint(uuid4(), "green")
    _settle()
    assert said == ["green"]


def test_whom_a_round_did_not_concern_moves_on_once_there_is_nothing_more_to_do(
    heard: list[tuple[str, int]],
) -> None:
    def deaf(fact: Removed, entry: EntryView) -> None:
        raise AssertionError("of no concern")

    deaf.__name__ = "deaf"
    reactions.when(Removed)(deaf)
    reactions.begin()
    _paint(uuid4(), "red")
    _settle()
    assert set(Cursor.objects.values_list("number", flat=True)) == {Head.objects.get().number}


def test_whom_nothing_concerns_moves_on_at_most_once_a_second_and_every_fact_is_still_heard_once(
    heard: list[tuple[str, int]], cursors_rest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(fact: Removed, entry: EntryView) -> None:
        raise AssertionError("of no concern")

    reactions.when(Removed)(deaf)
    reactions.begin()
    moved = Cursor.objects.filter(reaction__endswith="deaf").values_list("number", flat=True)
    monkeypatch.setattr(reactions, "MOVE_EVERY", cursors_rest)
    monkeypatch.setattr(reactions, "_moved", time.monotonic() + 3600)
    for colour in ("red", "green"):
        _paint(uuid4(), colour)
        _settle()
    assert (moved.get(), heard) == (0, [("red", 1), ("green", 2)])
    monkeypatch.setattr(reactions, "_moved", time.monotonic() - cursors_rest)
    _settle()
    assert (moved.get(), heard) == (2, [("red", 1), ("green", 2)])
    assert not cursors_rest > 1


def test_a_failed_fact_is_parked_and_holds_back_only_its_own_subject(heard: list[tuple[str, int]]) -> None:
    mine, other = uuid4(), uuid4()
    heard.append(("broken", 0))
    _paint(mine, "red")
    _paint(mine, "green")
    _paint(other, "blue")
    _settle()
    assert [colour for colour, _ in heard[1:]] == ["blue"]
    assert [(one.number, bool(one.error)) for one in Parked.objects.order_by("number")] == [(1, True), (2, False)]
    assert Entry.objects.filter(fact="ledger.ReactionParked", topics="alarms").count() == 1

    heard.remove(("broken", 0))
    clock.fast_forward(timedelta(minutes=1))
    _settle()
    assert [colour for colour, _ in heard] == ["blue", "red", "green"]
    assert reactions.waiting() == 0


def test_a_reaction_that_keeps_failing_is_tried_less_and_less_often(heard: list[tuple[str, int]]) -> None:
    heard.append(("broken", 0))
    _paint(uuid4(), "red")
    _settle()
    waits = []
    for _ in range(12):
        parked = Parked.objects.get()
        waits.append(parked.due_at - clock.now())
        clock.fast_forward(parked.due_at - clock.now() + timedelta(seconds=1))
        _settle()
    assert waits[1] < waits[3] < waits[5]
    assert max(waits) <= timedelta(hours=1)
