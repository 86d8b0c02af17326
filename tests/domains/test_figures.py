"""Every figure equals what a plain recount of the reader's own rows comes to, and the list it leads to is as long."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts.models import Site
from hikeshi.figures import actions, queries
from hikeshi.figures.asking import GRAVE, Asked
from hikeshi.figures.codes import TILES, Figure, tile
from hikeshi.figures.definitions import chosen, sets
from hikeshi.figures.models import TalliedDay, Tally, Tallying
from hikeshi.figures.periods import Stretch, days, pieces, stretch
from hikeshi.figures.results import Found
from hikeshi.figures.terms import Terms
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries as records
from hikeshi.incidents.codes import MomentKind, RecordClass
from hikeshi.incidents.models import Incident, Moment
from hikeshi.kernel import clock
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.kernel.worlds import World
from hikeshi.ledger.acts import unit
from hikeshi.ledger.verify import verify
from hikeshi.lists import queries as lists
from hikeshi.lists.conditions import parse
from hikeshi.retention.categories import keepers
from hikeshi.service_levels.models import Clock
from tests import world

KINDS = ("phishing", "malware", "ransomware")


def opened(by: Actor, days_ago: float, number: int = 0, **more: object) -> Incident:
    """Moved back: no verb opens a record in the past."""
    level = 1 + number % 3
    said = {"kind": KINDS[number % 3], "impact": level, "effect": level, "urgency": level, **more}
    made = incidents.open_incident(by=by, title=f"Number {number}", **said)
    Incident.objects.filter(pk=made.pk).update(opened_at=clock.now() - timedelta(days=days_ago))
    made.refresh_from_db()
    return made


def month(**more: object) -> Asked:
    return Asked(stretch(Stretch.MONTH, clock.now().date()), UTC, **more)  # type: ignore[arg-type]  # fields by name


def listed(by: Actor, text: str) -> int:
    return lists.narrowed(records.incidents(by), parse(text), by=by, zone=UTC).count()


def numbers(found: Found) -> dict[str, int | None]:
    return {line.key: line.numbers[0] for line in found.lines}


def every(by: Actor, asked: Asked) -> Iterator[Found]:
    for one in queries.figures(by, list(TILES.values()), asked):
        if one is not None:
            yield one


def count_days() -> None:
    """As the engine does it, from the beginning; the site's days begin where those of the questions do."""
    Site.objects.update(time_zone="UTC")
    Tallying.objects.all().delete()
    while actions.tally(clock.now()):
        continue


@pytest.fixture(params=["records", "counters"])
def people(request: pytest.FixtureRequest) -> dict[str, Actor]:
    """Two places, forty records, every tenth of them restricted, some drills, some of the time before."""
    osaka = world.organisation("Osaka")
    chief = world.actor("chief", "commander")
    classes = [RecordClass.EVENT, RecordClass.NEAR_MISS, RecordClass.INCIDENT]
    for number in range(40):
        place = osaka if number % 4 == 0 else world.site()
        made = opened(chief, number * 1.7, number, organisation=place.uuid, record_class=classes[number % 3])
        if number % 10 == 5:
            incidents.restrict(by=chief, ref=made.ref, reason="personnel")
        if number % 6 == 1:
            incidents.assign(by=chief, ref=made.ref, owner="chief")
        if number % 5 == 4:
            Incident.objects.filter(pk=made.pk).update(status="closed", standing=2)
    drill = opened(chief, 1)
    Incident.objects.filter(pk=drill.pk).update(world=World.DRILL)
    if request.param == "counters":
        count_days()
    return {
        "chief": chief,
        "auditor": world.actor("yomi", "auditor"),
        "local": world.actor("mori", "responder", at=osaka),
    }


def test_counts_equal_a_recount_of_what_each_reader_sees(people: dict[str, Actor]) -> None:
    asked, now = month(), clock.now()
    since = datetime.combine(asked.days.since, datetime.min.time(), UTC)
    totals = set()
    for by in people.values():
        seen = [one for one in records.incidents(by) if one.world != World.DRILL]
        meant = [one for one in seen if one.opened_at >= since]
        before = [one for one in seen if since - asked.days.length <= one.opened_at < since]
        totals.add(len(meant))

        timed = queries.figure(by, tile("opened"), asked)
        per_day = Counter(one.opened_at.date().isoformat() for one in meant)
        assert numbers(timed) == {
            piece.since.isoformat(): per_day[piece.since.isoformat()] for piece in pieces(asked.days)
        }
        assert (timed.total, timed.total_before) == (len(meant), len(before))
        assert (
            numbers(queries.figure(by, tile("opened", "kind"), asked)).items()
            >= Counter(one.kind for one in meant).items()
        )
        assert (
            numbers(queries.figure(by, tile("opened", "priority"), asked)).items()
            >= Counter(str(one.priority) for one in meant).items()
        )
        near = queries.figure(by, tile("near_miss"), asked)
        assert [sum(line.numbers[place] or 0 for line in near.lines) for place in (0, 1)] == [
            sum(one.record_class == RecordClass.NEAR_MISS for one in meant),
            sum(one.record_class in GRAVE for one in meant),
        ]
        still = [one for one in seen if one.status == "open"]
        ages = numbers(queries.figure(by, tile("open"), asked))
        old = [(now.date() - one.opened_at.date()).days for one in still]
        assert ages == {
            "today": sum(age == 0 for age in old),
            "days_3": sum(1 <= age <= 3 for age in old),
            "week": sum(4 <= age <= 7 for age in old),
            "month": sum(8 <= age <= 30 for age in old),
            "quarter": sum(31 <= age <= 90 for age in old),
            "longer": sum(age > 90 for age in old),
        }
        owned = queries.figure(by, tile("load"), asked)
        assert sum(line.numbers[0] or 0 for line in owned.lines) == len(still)
    assert len(totals) == 3, "the three readers see differently many, or this says nothing of who sees what"


def test_every_number_leads_to_a_list_as_long_and_narrowing_narrows_both(people: dict[str, Actor]) -> None:
    osaka = world.organisation("Osaka")
    for by in people.values():
        for asked in (month(), month(kind="malware", grave=True, organisation=world.site().uuid)):
            followed = 0
            for found in every(by, asked):
                for line in found.lines:
                    for number, text in zip(line.numbers, line.filters, strict=False):
                        assert listed(by, text) == number, (found.tile.code, line.key, text)
                        followed += 1
                if found.filter:
                    assert listed(by, found.filter) == found.total
            assert followed > 40
    places = queries.figure(people["chief"], tile("opened", "organisation"), month())
    named = {line.name: line.numbers[0] for line in places.lines}
    inside = queries.figure(people["chief"], tile("opened"), month(organisation=osaka.uuid))
    assert named["Osaka"] == inside.total < (named[world.site().name] or 0) == places.total


def test_who_sees_nothing_is_told_nothing(people: dict[str, Actor]) -> None:
    stranger = world.actor("other", "administrator", at=world.organisation("Elsewhere"))
    assert all(found.total == 0 and found.empty for found in every(stranger, month()))
    with pytest.raises(NotAllowed):
        queries.figures(world.actor("rep", "reporter"), [tile("opened")], month())
    with pytest.raises(NotAllowed):
        queries.boards(world.actor("rep", "reporter"))
    with pytest.raises(Invalid):
        queries.figure(people["chief"], tile("opened"), month(kind="no_such_kind"))
    with pytest.raises(NotFound):
        queries.figure(people["chief"], tile("opened"), month(organisation=people_uuid(people["chief"])))


def people_uuid(by: Actor) -> UUID:
    """Some uuid that is no organisation's."""
    return UUID(by.ref.removeprefix("person:"))


@pytest.mark.parametrize("counted", [False, True])
def test_times_follow_the_chosen_definitions_and_leave_out_what_is_unknown(counted: bool) -> None:
    chief, now = world.actor("chief", "commander"), clock.now()
    lengths = {"contained": [], "resolved": []}
    for number in range(11):
        made = opened(chief, 2, number)
        start = now - timedelta(days=3)
        set_time(chief, made, MomentKind.OCCURRED, start - timedelta(hours=10))
        set_time(chief, made, MomentKind.DETECTED, start)
        took = timedelta(minutes=7 * number * number + 1)
        set_time(chief, made, MomentKind.CONTAINED, start + took)
        lengths["contained"].append(took.total_seconds())
        if number % 2:
            set_time(chief, made, MomentKind.RESOLVED, start + 2 * took)
            lengths["resolved"].append(2 * took.total_seconds())
    impossible = opened(chief, 1)
    set_time(chief, impossible, MomentKind.DETECTED, now)
    set_time(chief, impossible, MomentKind.CONTAINED, now - timedelta(hours=5))

    if counted:
        count_days()
        assert "detected|reported>contained" in "".join(Tally.objects.values_list("times", flat=True))
    own = {line.key: line.numbers for line in queries.figure(chief, tile("times"), month()).lines}
    ordered = sorted(lengths["contained"])
    assert own["mttc"] == (11, round(median(ordered)), round(ordered[9]), round(sum(ordered) / 11))
    assert own["mttr"][:2] == (5, round(median(lengths["resolved"])))
    assert own["mttd"] == (11, 36_000, 36_000, 36_000)
    again = Moment.objects.filter(kind="contained").first()
    assert again is not None
    dora = {line.key: line.numbers for line in queries.figure(chief, tile("times"), month(definitions="dora")).lines}
    assert list(dora) == ["mttr"]
    assert dora["mttr"][1] == round(median(one + 36_000 for one in lengths["resolved"]))
    assert {code for code, one in sets().items() if set(one.moments) - set(MomentKind)} == set()
    with pytest.raises(Invalid):
        chosen("made_up")


def set_time(by: Actor, record: Incident, kind: MomentKind, at: datetime) -> None:
    known = Moment.objects.filter(incident=record, kind=kind, superseded_at=None).exists()
    incidents.set_moment(by=by, ref=record.ref, kind=kind, at=at, reason="as told" if known else "")


def test_kept_counts_clocks_of_seen_records_and_the_overdue_as_late(people: dict[str, Actor]) -> None:
    now = clock.now()
    rows = list(Incident.objects.exclude(world=World.DRILL).order_by("pk"))
    for number, one in enumerate(rows):
        state = ("met", "missed", "running", "running", "dropped")[number % 5]
        due = now - timedelta(hours=1) if number % 5 == 2 else now + timedelta(hours=1)
        Clock.objects.create(
            incident=one.uuid,
            measure="own",
            round=1,
            target="t",
            minutes=15,
            state=state,
            because="opened",
            started_at=one.opened_at,
            due_at=due,
        )
    since = datetime.combine(month().days.since, datetime.min.time(), UTC)
    if TalliedDay.objects.exists():
        count_days()
    for by in people.values():
        seen = {one.uuid for one in records.incidents(by) if one.opened_at >= since and one.world != World.DRILL}
        clocks = [one for one in Clock.objects.filter(measure="own") if one.incident in seen]
        met = sum(one.state == "met" for one in clocks)
        late = sum(one.state == "missed" or (one.state == "running" and one.due_at <= now) for one in clocks)
        (line,) = queries.figure(by, tile("kept"), month()).lines
        assert line.numbers == (met * 100 // (met + late), met, late)


def test_counters_are_read_and_what_changes_behind_them_counts_as_it_is_now(people: dict[str, Actor]) -> None:
    """Before the engine comes round as well as after it, and for a record that is gone."""
    chief, auditor = people["chief"], people["auditor"]
    gone = incidents.open_incident(by=chief, title="Gone soon", kind="malware", impact=1, effect=1, urgency=1)
    world.clock.fast_forward(timedelta(days=3))
    count_days()
    old = [one for one in records.incidents(auditor).order_by("pk") if 12 < (clock.now() - one.opened_at).days < 28]
    Tally.objects.filter(day=old[0].opened_at.date()).update(priorities='{"1":1000}')
    assert queries.figure(auditor, tile("opened"), month()).total > 1000, "the counters are what is read"

    incidents.restrict(by=chief, ref=old[0].ref, reason="personnel")
    incidents.set_kind(by=chief, ref=old[1].ref, kind="ransomware" if old[1].kind == "phishing" else "phishing")
    with unit():
        keepers()["records_event"].purge(chief, [gone])
    since = datetime.combine(month().days.since, datetime.min.time(), UTC)
    for rounds in (0, 1):
        while rounds and actions.tally(clock.now()):
            continue
        for by in people.values():
            seen = [one for one in records.incidents(by) if one.world != World.DRILL and one.opened_at >= since]
            kinds = numbers(queries.figure(by, tile("opened", "kind"), month(compare=False)))
            assert kinds == dict(Counter(one.kind for one in seen))
    struck = {one.opened_at.date() for one in (gone, *old[:2])}
    assert TalliedDay.objects.filter(day__in=struck).count() == len(struck), "all of them were counted again"


def test_days_are_bounded_and_pieces_cover_them_without_a_gap() -> None:
    today = datetime(2026, 11, 22, tzinfo=UTC).date()
    for code in Stretch:
        meant = stretch(code, today)
        held = list(pieces(meant))
        assert (held[0].since, held[-1].until) == (meant.since, meant.until)
        assert all(one.until == following.since for one, following in pairwise(held))
        assert len(held) <= 32
        assert meant.before.until == meant.since
    with pytest.raises(Invalid) as refused:
        days(today - timedelta(days=5_000), today)
    assert refused.value.reason == "too_many_days"
    with pytest.raises(Invalid):
        days(today, today)


def test_boards_are_kept_for_oneself_or_for_all_and_nobody_overwrites_unseen() -> None:
    leader, other = world.actor("leader", "commander"), world.actor("other", "responder")
    mine = actions.keep_board(by=other, name="Mine", tiles=["load-owner", "opened-kind"])
    ours = actions.keep_board(by=leader, name="Ours", tiles=["opened-time"], audience="everyone")
    assert {one.said.name for one in queries.boards(leader)} == {"Ours"}
    assert queries.board(other, mine.uuid).said.tiles == ("load-owner", "opened-kind")
    for act in (
        lambda: actions.keep_board(by=other, name="x", tiles=["opened-time"], audience="everyone"),
        lambda: actions.keep_board(by=other, name="x", tiles=["opened-time"], board=ours.uuid),
        lambda: actions.remove_board(by=other, board=ours.uuid),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(NotFound):
        queries.board(leader, mine.uuid)
    actions.keep_board(by=leader, name="Ours", tiles=["open-age"], board=ours.uuid, version=1)
    with pytest.raises(Conflict):
        actions.keep_board(by=leader, name="Theirs", tiles=["open-age"], board=ours.uuid, version=1)
    for wrong in ({"tiles": []}, {"tiles": ["made-up"]}, {"name": "\n", "tiles": ["open-age"]}):
        with pytest.raises(Invalid):
            actions.keep_board(**{"by": leader, "name": "x", **wrong})
    with pytest.raises(Invalid):
        actions.keep_board(by=leader, name="x", tiles=["open-age"], terms=Terms(period="ever"))
    actions.remove_board(by=leader, board=ours.uuid)
    assert queries.boards(leader) == []
    assert verify(state=True).findings == ()


def test_a_dashboard_asks_as_often_for_few_as_for_many(people: dict[str, Actor]) -> None:
    wanted = list(TILES.values())
    with CaptureQueriesContext(connection) as few:
        queries.figures(people["auditor"], wanted, month())
    for number in range(20):
        opened(people["chief"], number, number)
    if TalliedDay.objects.exists():
        count_days()
    with CaptureQueriesContext(connection) as many:
        queries.figures(people["auditor"], wanted, month())
    assert len(many) == len(few) <= 30
    assert Figure.OPENED in {one.figure for one in wanted}
