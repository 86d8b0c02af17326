"""Lists narrowed by answers of forms: the same as reading every answer, however given, whatever came since."""

import random
import unicodedata
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC
from importlib import import_module
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hikeshi.cli.answers import rebuild
from hikeshi.incidents import actions, answered
from hikeshi.incidents import queries as records
from hikeshi.incidents.models import Answer, Incident, Question, Reporter
from hikeshi.incidents.reporting import Answered, Purpose
from hikeshi.kernel import gathering
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.facts import JSON
from hikeshi.lists import queries
from hikeshi.lists.conditions import Condition, Conditions, parse
from hikeshi.lists.fields import Field, Op
from tests import world
from tests.domains.test_retention import decided, finish, pass_days
from tests.effort import effort, upkeep

ONE, OTHER = UUID(int=1), UUID(int=2)
SERVER = str(UUID(int=9))
LONG = "会議室で " * 60 + "Ｌａｐｔｏｐ が 動かない"
SAID: tuple[JSON, ...] = (
    "pc",
    "paper",
    "12",
    "-3.5",
    "007",
    "2026-11-21T09:30",
    "2026-11-20T23:59",
    "2026-99-99T99:99",
    "電車の中で なくした",
    "ＰＣ を LOST した",
    "100% _ なくした",
    LONG,
    ["pc", "paper"],
    ["paper"],
    [],
    {"asset": SERVER, "name": "会計システム"},
)
"""What one question may have been answered with, in the versions of its form: a choice, a number, a day, words."""


@pytest.fixture
def by() -> Actor:
    return world.actor("mori", "commander")


def reported(many: int, *, form: UUID = ONE, start: int = 0, **told: object) -> list[Incident]:
    """Reports as they lie in the tables, without what is kept of their answers."""
    place = world.site()
    made = Incident.objects.bulk_create(
        Incident(
            ref=f"INC-2020-{start + n:06}",
            title="x",
            opened_by="x",
            organisation=place,
            kind="other",
            course="incident",
            phase="detect",
            **dict.fromkeys(("impact", "effect", "urgency", "urgency_asked", "priority"), 2),
        )
        for n in range(many)
    )
    rng = random.Random(start)
    said = told or {"f1": None, "f2": None, "f3": None}
    Reporter.objects.bulk_create(
        Reporter(
            incident=one,
            purpose="odd",
            via="portal",
            language="ja",
            form=form,
            nonce=one.ref,
            answers={
                key: rng.choice(SAID) if value is None else value
                for key, value in said.items()
                if value is not None or rng.random() < 0.8
            },
        )
        for one in made
    )
    return made


def mend() -> int:
    place = wrong = 0
    while (step := actions.mend_answers(place)).looked:
        place, wrong = step.place, wrong + step.wrong
    return wrong


def found(by: Actor, asked: Conditions | str) -> set[str]:
    wanted = parse(asked) if isinstance(asked, str) else asked
    rows = queries.narrowed(records.visible(by), wanted, by=by, zone=UTC)
    return set(rows.values_list("ref", flat=True))


def plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def holds(one: Condition, said: dict[str, JSON]) -> bool:
    """Read as a person would, answer by answer."""
    if one.op in {Op.IS, Op.NOT}:
        chosen = {code for value in one.values for key, _, code in [value.split(".", 1)[1].partition(".")] if key}
        key = one.values[0].split(".")[1]
        hit = any(_code(each) in chosen for each in _each(said.get(key)))
        return hit if one.op == Op.IS else not hit
    key = one.question.split(".")[1]
    texts = [each["name"] if isinstance(each, dict) else each for each in _each(said.get(key))]
    if one.op in {Op.HAS, Op.LACKS}:
        words = plain(one.said).split()
        hit = any(all(word in plain(text) for word in words) for text in texts)
        return hit if one.op == Op.HAS else not hit
    if one.op in {Op.FROM, Op.UPTO}:
        numbers = [float(text) for text in texts if text.replace(".", "").lstrip("-").isdecimal()]
        return any(n >= float(one.said) if one.op == Op.FROM else n <= float(one.said) for n in numbers)
    days = [text for text in texts if text.startswith("2026-1")]
    return any(day < one.said if one.op == Op.BEFORE else day >= one.said for day in days)


def _each(answer: JSON) -> list[JSON]:
    return [] if answer is None else answer if isinstance(answer, list) else [answer]


def _code(each: JSON) -> JSON:
    return each["asset"] if isinstance(each, dict) else each


KEYS = st.sampled_from(["f1", "f2", "f3", "f9"])
GIVEN = {
    Op.HAS: st.sampled_from(["なくした", "pc", "lost", "laptop 会議室", "電車", "%", "_", "会計", "動かない", "zzz"]),
    Op.FROM: st.sampled_from(["0", "12", "-3.5", "13"]),
    Op.AFTER: st.sampled_from(["2026-11-21", "2026-11-20", "2027-01-01"]),
    Op.IS: st.lists(st.sampled_from(["pc", "paper", "12", "007", SERVER, "none"]), min_size=1, max_size=3),
}
GIVEN |= {Op.LACKS: GIVEN[Op.HAS], Op.UPTO: GIVEN[Op.FROM], Op.BEFORE: GIVEN[Op.AFTER], Op.NOT: GIVEN[Op.IS]}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    op, key = draw(st.sampled_from(sorted(GIVEN))), draw(KEYS)
    given = draw(GIVEN[op])
    every = given if isinstance(given, list) else [given]
    return Condition(Field.ANSWER, op, tuple(dict.fromkeys(f"{ONE}.{key}.{one}" for one in every)))


ASKED = st.lists(st.lists(conditions(), min_size=1, max_size=3), min_size=1, max_size=2)


@pytest.mark.parametrize(
    ("few", "many", "some"), [(1_000, 10_000, 50_000), (2, 10_000, 50_000), (2, 3, 50_000), (2, 3, 4)]
)
def test_what_is_found_is_what_reading_every_answer_finds(
    by: Actor, monkeypatch: pytest.MonkeyPatch, few: int, many: int, some: int
) -> None:
    """Named, gathered, gathered and met on the way, or asked of each; AND and OR, several questions, kinds that changed
    from version to version.
    """
    for name, count in (("FEW", few), ("MANY", many), ("SOME", some)):
        monkeypatch.setattr(gathering, name, count)
    made = reported(60)
    reported(10, form=OTHER, start=100)
    gone = [one.pk for one in made[:5]]
    Reporter.objects.filter(incident__in=gone).update(answers={}, erased_at=world.clock.now())
    assert mend() == Reporter.objects.exclude(answers={}).count() - _silent()
    said = {ref: {} for ref in records.visible(by).values_list("ref", flat=True)}
    said |= dict(Reporter.objects.filter(form=ONE).values_list("incident__ref", "answers"))

    @settings(max_examples=120, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(ASKED)
    def same(alternatives: list[list[Condition]]) -> None:
        asked = Conditions(tuple(map(tuple, alternatives)))
        wanted = {ref for ref, all_ in said.items() if any(all(holds(c, all_) for c in alt) for alt in alternatives)}
        assert found(by, asked) == wanted, asked.text

    same()


def _silent() -> int:
    """Reports of which every answer is an empty choice of several."""
    return sum(all(one == [] for one in told.values()) for told in _told())


def _told() -> list[dict[str, JSON]]:
    return list(Reporter.objects.exclude(answers={}).values_list("answers", flat=True))


def test_words_are_found_whatever_their_width_case_and_old_forms(by: Actor) -> None:
    (one,) = reported(1, f1="廣島の LAPTOP")
    mend()
    for words in ("広島", "廣島", "ｌａｐｔｏｐ", "Laptop 広島"):
        assert found(by, f"answer:has:{ONE}.f1.{words}") == {one.ref}, words
    assert found(by, f"answer:has:{ONE}.f1.広島の市") == set()


def report(by: Actor, what: str, **said: JSON) -> Incident:
    answers = Answered(ONE, 1, said)
    told = actions.report(by=by, purpose=Purpose.ODD, what=what, nonce=f"{what}-0123456789abcdef", answered=answers)
    return told.incident


def test_a_report_is_found_at_once_and_not_once_its_reporter_was_erased(by: Actor) -> None:
    one = report(by, "first", f1="pc", f2="On the train", f3="7")
    two = report(by, "second", f1="pc", f2="At home", f3="8")
    assert found(by, f"answer:is:{ONE}.f1.pc") == {one.ref, two.ref}
    assert found(by, f"answer:has:{ONE}.f2.train") == {one.ref}
    assert mend() == 0, "as the reports say"
    actions.erase_reporter(by=by, ref=one.ref, reason="asked for it")
    assert not Answer.objects.filter(incident=one).exists(), "nothing of it stays in the table"
    assert found(by, f"answer:is:{ONE}.f1.pc") == {two.ref}
    assert mend() == 0


def test_what_retention_takes_away_leaves_this_table_too() -> None:
    keeper = world.admin()
    one, two = report(keeper, "first", f1="pc"), report(keeper, "second", f1="pc")
    finish(one)
    decided(keeper, reporters=10, records_incident=30, records_event=30)
    pass_days(12)
    assert set(Answer.objects.values_list("incident", flat=True)) == {two.pk}
    finish(two)
    pass_days(33)
    assert not Incident.objects.filter(pk__in=[one.pk, two.pk]).exists()
    assert not Answer.objects.exists()
    connection.check_constraints()


def test_a_merged_record_keeps_its_own_answers_and_has_them_when_it_is_taken_apart_again(by: Actor) -> None:
    one, two = report(by, "first", f1="pc"), report(by, "second", f1="paper")
    actions.merge(by=by, ref=one.ref, into=two.ref, reason="same")
    assert (found(by, f"answer:is:{ONE}.f1.pc"), mend()) == ({one.ref}, 0)
    actions.unmerge(by=by, ref=one.ref)
    assert (found(by, f"answer:is:{ONE}.f1.pc"), found(by, f"answer:is:{ONE}.f1.paper"), mend()) == (
        {one.ref},
        {two.ref},
        0,
    )


def test_a_record_that_was_split_keeps_its_answers_and_the_new_one_has_none(by: Actor) -> None:
    one = report(by, "first", f1="pc")
    task = actions.add_task(by=by, ref=one.ref, title="Look for it")
    new = actions.split(by=by, ref=one.ref, title="Another", tasks=[task.uuid], reason="two things")
    assert (found(by, f"answer:is:{ONE}.f1.pc"), mend()) == ({one.ref}, 0)
    assert new.ref in found(by, f"answer:not:{ONE}.f1.pc")


def test_nobody_finds_by_an_answer_what_they_may_not_see(by: Actor) -> None:
    one = report(by, "first", f1="pc")
    actions.restrict(by=by, ref=one.ref, reason="secret")
    assert found(by, f"answer:is:{ONE}.f1.pc") == {one.ref}
    assert found(world.actor("sato", "responder"), f"answer:is:{ONE}.f1.pc") == set()


def test_what_differs_from_the_reports_is_found_and_made_anew(by: Actor, capsys: pytest.CaptureFixture[str]) -> None:
    made = reported(5, f1="pc")
    assert mend() == 5
    Answer.objects.filter(incident=made[0]).delete()
    Answer.objects.filter(incident=made[1]).update(words="else")
    Answer.objects.create(incident=made[2], question=Question.objects.get(), code="more")
    Reporter.objects.filter(incident=made[3]).update(answers={}, erased_at=world.clock.now())
    assert rebuild(Namespace()) == 0
    assert "5" in (said := capsys.readouterr().out)
    assert "4" in said
    assert mend() == 0
    assert found(by, f"answer:is:{ONE}.f1.pc") == {one.ref for one in made} - {made[3].ref}
    assert not Answer.objects.filter(code="more").exists()


def test_what_was_answered_before_there_was_a_table_is_filled_in_and_an_interrupted_filling_goes_on(
    by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    filling = import_module("hikeshi.incidents.migrations.0027_fill_answers")
    monkeypatch.setattr(filling, "STEP", 4)
    reported(11)
    editor = SimpleNamespace(connection=connection)

    def cut(answer: JSON) -> Iterator[answered.Said]:
        if Answer.objects.count() > 8:
            raise InterruptedError
        return answered.said(answer)

    monkeypatch.setattr(filling, "said", cut)
    with pytest.raises(InterruptedError):
        filling.fill(apps, editor)
    begun = set(Answer.objects.values_list("pk", flat=True))
    assert begun, "whole portions stay"
    monkeypatch.setattr(filling, "said", answered.said)
    with CaptureQueriesContext(connection) as asked:
        filling.fill(apps, editor)
    read = [one["sql"] for one in asked.captured_queries if 'FROM "incidents_reporter"' in one["sql"]]
    assert len(read) > 1
    assert all(one.endswith("LIMIT 4") for one in read), "never all of them at once"
    assert begun < set(Answer.objects.values_list("pk", flat=True)), "what was there is not made again"
    assert mend() == 0, "as if each had just come in"


@pytest.mark.parametrize(
    "asked", ["is:{}.f1.rare", "from:{}.f2.99", "after:{}.f3.2026-11-21", "is:{0}.f1.rare;answer:upto:{0}.f2.1"]
)
def test_what_few_answered_costs_the_same_however_many_reports_there_are(by: Actor, asked: str) -> None:
    def more(many: int, start: int) -> None:
        reported(many, start=start, f1="common", f2="5", f3="2026-01-01T00:00", f4="words " * 10)

    (rare,) = reported(1, start=90_000, f1="rare", f2="99", f3="2026-11-22T00:00")
    wanted = f"answer:{asked.format(ONE)}"
    more(300, 0)
    mend()
    few = effort(lambda: found(by, wanted))
    more(3_000, 1_000)
    mend()
    assert effort(lambda: found(by, wanted)) < 1.3 * few + 100
    assert found(by, wanted) == (set() if ";" in asked else {rare.ref})


@pytest.mark.parametrize("asked", ["is:{}.f1.common", "from:{}.f2.1", "before:{}.f3.2026-11-21", "has:{}.f4.なくした"])
@pytest.mark.parametrize("long", [False, True])
def test_of_what_most_answered_only_those_that_are_met_are_asked(
    by: Actor, monkeypatch: pytest.MonkeyPatch, asked: str, long: bool
) -> None:
    monkeypatch.setattr(gathering, "FEW", 40)
    monkeypatch.setattr(gathering, "SOME", 200)

    def more(many: int, start: int) -> None:
        words = "会議室で なくした" + " 駅" * (150 if long else 1)
        reported(many, start=start, f1="common", f2="5", f3="2026-01-01T00:00", f4=words)
        mend()

    def page() -> list[Incident]:
        rows = queries.narrowed(records.visible(by), parse(f"answer:{asked.format(ONE)}"), by=by, zone=UTC)
        return list(rows.order_by("-pk")[:50])

    more(300, 0)
    few = effort(page)
    more(3_000, 1_000)
    assert len(page()) == 50
    passes = 100 if connection.vendor == "sqlite" else 10 * Incident.objects.count()
    assert effort(page) < 1.3 * few + passes


def test_postgresql_does_not_read_all_that_was_answered_before_it_asks_the_first_record(
    by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would, where it believes that they are few enough for a table in its memory."""
    monkeypatch.setattr(gathering, "SOME", 200)
    reported(1_000, f1="common")
    mend()
    upkeep()
    rows = queries.narrowed(records.visible(by), parse(f"answer:is:{ONE}.f1.common"), by=by, zone=UTC)
    for some in (rows.order_by("-pk")[:50], rows.order_by()[:800]):
        assert connection.vendor == "sqlite" or "CASE WHEN EXISTS(" in some.explain()


def test_a_filter_asks_as_many_questions_of_the_database_however_much_was_answered(by: Actor) -> None:
    def queries_of() -> int:
        with CaptureQueriesContext(connection) as asked:
            found(by, f"answer:has:{ONE}.f1.なくした;answer:from:{ONE}.f2.1|answer:is:{ONE}.f3.pc")
        return len(asked)

    reported(10)
    mend()
    few = queries_of()
    reported(300, start=1_000)
    mend()
    assert queries_of() <= few


def test_a_form_of_no_answer_finds_nothing_and_lacks_everything(by: Actor) -> None:
    made = {one.ref for one in reported(3, f1="pc")}
    mend()
    assert found(by, f"answer:has:{uuid4()}.f1.pc") == set()
    assert found(by, f"answer:lacks:{uuid4()}.f1.pc") == made
