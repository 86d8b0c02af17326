"""A large file of indicators is kept at once and taken in by the engine: in steps, once, whatever comes between."""

import json
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

import pytest

from hikeshi.accounts import actions as accounts
from hikeshi.assets import actions
from hikeshi.assets.actions import intelligence, taking
from hikeshi.assets.models import Indicator, IndicatorFile, IndicatorList, IndicatorPiece
from hikeshi.assets.queries import intelligence as queries
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.refusals import Invalid, NotAllowed, NotFound
from tests import world
from tests.domains.test_intelligence import said, told

VALUES = 12_500
ENGINE = system("imports")


@pytest.fixture(autouse=True)
def a_step_is_as_long_as_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, each test counts the same steps."""
    monkeypatch.setattr(taking, "LONGEST", 3_600)


def lines(values: int = VALUES, more: bytes = b"") -> Iterator[bytes]:
    """More than is taken in at once: what stands behind a value is no part of it."""
    for number in range(values):
        yield b"host%d.evil.example,%040d\n" % (number, number)
    yield more


def brought(pieces: Iterator[bytes] | None = None, **more: object) -> IndicatorFile:
    terms = {"by": world.admin(), "organisation": world.site().uuid, "title": "JPCERT", **more}
    kept = actions.bring_indicators(pieces=pieces or lines(), **terms)
    assert isinstance(kept, IndicatorFile)
    return kept


def steps(most: int = 1_000) -> int:
    """As the engine takes them, until nothing is under way."""
    for done in range(most):
        if not actions.continue_indicators(by=ENGINE):
            return done
    return most


def test_a_small_file_is_there_at_once_and_a_large_one_when_the_engine_has_taken_it_in() -> None:
    small = actions.bring_indicators(
        by=world.admin(), organisation=world.site().uuid, title="small", pieces=iter([b"192.0.2.1\n"])
    )
    assert isinstance(small, IndicatorList)
    assert (small.state, small.count, actions.is_taking_indicators()) == ("ready", 1, False)
    kept = brought()
    assert (kept.state, kept.rows, Indicator.objects.count()) == ("going", 0, 1)
    actions.continue_indicators(by=ENGINE)
    actions.continue_indicators(by=ENGINE)
    kept.refresh_from_db()
    assert (kept.rows, kept.place, kept.percent) == (VALUES, intelligence.STEP, 8)
    assert not said(told("early", host="host1.evil.example"), "indicator"), "half of it is compared with nothing"
    steps()
    kept.refresh_from_db()
    assert (kept.state, kept.list.state, kept.list.count) == ("done", "ready", VALUES)  # type: ignore[union-attr]  # it is there
    assert kept.list.digest == kept.digest  # type: ignore[union-attr]  # as above
    assert said(told("late", host="host12499.evil.example"), "indicator")
    assert not IndicatorPiece.objects.exists(), "its bytes are let go"
    assert not actions.is_taking_indicators()


def anew() -> None:
    """What a process knows ends with it."""
    taking._reading.clear()
    taking._surveys.clear()


@pytest.mark.parametrize("after", [1, 2, 7])
def test_a_fresh_process_goes_on_where_the_last_one_ended(after: int) -> None:
    kept = brought()
    for _ in range(after):
        actions.continue_indicators(by=ENGINE)
    kept.refresh_from_db()
    assert kept.place == (after - 1) * intelligence.STEP
    anew()
    steps()
    (made,) = IndicatorList.objects.all()
    assert (made.state, made.count, Indicator.objects.count()) == ("ready", VALUES, VALUES)


def test_no_step_goes_through_a_whole_file_so_that_the_beat_of_the_engine_never_waits_for_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(taking, "LONGEST", 0)  # seconds: one value of each step
    monkeypatch.setattr(intelligence, "STEP", 40)
    few = [b"192.0.2.%d,%s\n" % (number, b"-" * 3_000) for number in range(90)]
    kept = brought(iter(few))
    for _ in range(90):
        actions.continue_indicators(by=ENGINE)
        kept.refresh_from_db()
        assert kept.list is None
    anew()  # in the middle of the first time through
    for _ in range(91):
        assert not IndicatorList.objects.exists()
        actions.continue_indicators(by=ENGINE)
    assert IndicatorList.objects.get().file == kept
    actions.continue_indicators(by=ENGINE)
    anew()  # in the middle of the second: forty are in
    for _ in range(40):
        actions.continue_indicators(by=ENGINE)
        assert Indicator.objects.count() == 40
    actions.continue_indicators(by=ENGINE)
    assert Indicator.objects.count() == 80
    steps()
    assert IndicatorList.objects.get().count == 90


def test_two_engines_make_one_list_of_it() -> None:
    kept = brought()
    stale = IndicatorFile.objects.select_related("organisation").get(pk=kept.pk)
    actions.continue_indicators(by=ENGINE)
    anew()
    taking._begin(world.admin(), stale)
    steps()
    assert IndicatorList.objects.get().count == VALUES


def test_a_refused_half_that_could_not_be_taken_away_whole_begins_anew_when_its_bringer_may_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeper = world.person("keeper", "commander")
    kept = brought(by=world.actor("keeper"))
    for _ in range(4):
        actions.continue_indicators(by=ENGINE)
    accounts.deactivate_person(by=world.admin(), person=keeper.uuid)

    def killed(half: IndicatorList) -> None:
        half.indicators.filter(pk__in=list(half.indicators.values_list("pk", flat=True)[:1_500])).delete()
        raise SystemExit

    with monkeypatch.context() as here:
        here.setattr(intelligence, "empty_indicators", killed)
        with pytest.raises(SystemExit):
            actions.continue_indicators(by=ENGINE)
    accounts.reactivate_person(by=world.admin(), person=keeper.uuid)
    anew()
    steps()
    kept.refresh_from_db()
    assert (kept.state, IndicatorList.objects.get().count) == ("done", VALUES)


def test_two_engines_take_no_value_twice() -> None:
    kept = brought()
    actions.continue_indicators(by=ENGINE)
    file = IndicatorFile.objects.select_related("list").get(pk=kept.pk)
    stale = IndicatorFile.objects.select_related("list").get(pk=kept.pk)
    assert file.list is not None
    taking._take(world.admin(), file, file.list)
    anew()
    taking._take(world.admin(), stale, file.list)
    kept.refresh_from_db()
    assert kept.place == Indicator.objects.count() == intelligence.STEP
    steps()
    assert IndicatorList.objects.get().count == VALUES


def test_a_file_that_is_broken_at_its_end_changes_nothing_and_says_its_line() -> None:
    kept = brought(lines(more=b"\xff\xfe\n"))
    steps()
    kept.refresh_from_db()
    assert (kept.state, kept.error, kept.error_line) == ("failed", "indicators_text", VALUES + 1)
    assert not IndicatorList.objects.exists()
    assert not Indicator.objects.exists()
    assert not IndicatorPiece.objects.exists()
    assert [one.uuid for one in queries.under_way(world.admin())] == [kept.uuid], "why is shown until tomorrow"
    world.clock.fast_forward(timedelta(days=2))
    assert taking.forget_indicator_files(clock.now())
    assert not IndicatorFile.objects.exists()


def test_what_never_came_whole_leaves_nothing_and_what_is_said_is_checked_before() -> None:
    def hung_up() -> Iterator[bytes]:
        yield from lines()
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        brought(hung_up())
    for more in ({"title": " "}, {"tlp": "blue"}, {"until": clock.now() - timedelta(days=1)}, {"origin": "x" * 201}):
        with pytest.raises(Invalid):
            brought(**more)
    assert not IndicatorFile.objects.exists()
    assert not IndicatorPiece.objects.exists()


def test_a_file_larger_than_the_desk_takes_is_refused_and_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "MOST_BYTES", 2 * taking.PIECE)
    with pytest.raises(Invalid) as refused:
        brought(iter([b"192.0.2.1\n" * 250_000]))
    assert refused.value.reason == "file_too_large"
    assert not IndicatorFile.objects.exists()


def test_who_may_no_longer_manage_brings_nothing_in_and_the_half_of_it_goes() -> None:
    keeper = world.person("keeper", "commander")
    kept = brought(by=world.actor("keeper"))
    actions.continue_indicators(by=ENGINE)
    actions.continue_indicators(by=ENGINE)
    assert Indicator.objects.exists()
    accounts.deactivate_person(by=world.admin(), person=keeper.uuid)
    steps()
    kept.refresh_from_db()
    assert (kept.state, kept.error) == ("failed", "not_allowed")
    assert not IndicatorList.objects.exists()
    assert not Indicator.objects.exists()
    with pytest.raises(NotAllowed):
        actions.continue_indicators(by=world.admin())


def test_a_list_removed_while_it_is_taken_in_stays_removed() -> None:
    brought()
    actions.continue_indicators(by=ENGINE)
    actions.continue_indicators(by=ENGINE)
    actions.remove_indicators(by=world.admin(), indicators=IndicatorList.objects.get().uuid)
    assert steps() == 0
    assert not Indicator.objects.exists()
    assert not IndicatorFile.objects.exists()


def test_a_file_is_shown_to_those_who_manage_its_organisation() -> None:
    ours, theirs = world.organisation("ours"), world.organisation("theirs")
    kept = brought(organisation=ours.uuid)
    assert queries.file(world.actor("one", "commander", at=ours), kept.uuid) == kept
    for other in (world.actor("other", "commander", at=theirs), world.actor("reader", "responder", at=ours)):
        with pytest.raises(NotFound):
            queries.file(other, kept.uuid)
        assert queries.under_way(other) == []


def test_memory_holds_a_few_pieces_of_it_and_never_the_whole() -> None:
    objects = ({"type": "note", "content": "x" * 20_000, "id": str(n)} for n in range(1_500))  # 30 MB
    value = {"type": "indicator", "pattern": "[ipv4-addr:value = '192.0.2.1']"}

    def bundle() -> Iterator[bytes]:
        yield b'{"type": "bundle", "objects": ['
        for one in objects:
            yield json.dumps(one).encode() + b","
        yield json.dumps(value).encode() + b"]}"

    tracemalloc.start()
    kept = brought(bundle())
    steps()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    kept.refresh_from_db()
    assert (kept.state, kept.rows) == ("done", 1)
    assert kept.size > 30_000_000
    assert peak < 15_000_000
