"""Lists are narrowed by what is and by what was, for nobody beyond what they may see; filters are kept and shared."""

from datetime import UTC, timedelta
from functools import partial

import pytest
from django.db import connection

from hikeshi.accounts import actions as accounts
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries as records
from hikeshi.incidents.codes import Status
from hikeshi.incidents.models import STANDING, Incident
from hikeshi.incidents.queries.lists import ORDERS
from hikeshi.kernel import clock, gathering
from hikeshi.kernel.acting import Actor
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.lists import actions, queries
from hikeshi.lists.conditions import parse
from hikeshi.lists.models import STILL, Followed, Stay
from tests import world
from tests.effort import effort, upkeep


def made(by: Actor, title: str, **more: object) -> Incident:
    return incidents.open_incident(
        by=by, title=title, **{"kind": "phishing", "impact": 2, "effect": 2, "urgency": 2, **more}
    )


def follow() -> None:
    while actions.follow(clock.now()):
        pass


def found(by: Actor, text: str) -> set[str]:
    rows = queries.narrowed(records.incidents(by), parse(text), by=by, zone=UTC)
    return set(rows.values_list("title", flat=True))


def test_conditions_meet_in_a_block_and_blocks_stand_beside_each_other() -> None:
    mori = world.actor("mori", "commander")
    mail, disk, worm = (
        made(mori, "mail"),
        made(mori, "disk", kind="disaster"),
        made(mori, "worm", kind="malware", impact=1, effect=1, urgency=1),
    )
    incidents.assign(by=mori, ref=mail.ref, owner="mori")
    incidents.assign(by=mori, ref=worm.ref, owner=world.person("abe", "responder").username)
    incidents.wait(by=mori, ref=disk.ref, waiting="supplier", reason="parts")
    team = accounts.add_team(
        by=world.admin(), organisation=world.site().uuid, name="CSIRT", people=[world.person("abe").uuid]
    )

    assert found(mori, "") == {"mail", "disk", "worm"}
    assert found(mori, "kind:is:phishing,malware") == {"mail", "worm"}
    assert found(mori, "kind:not:phishing") == {"disk", "worm"}
    assert found(mori, "owner:is:me,none") == {"mail", "disk"}
    assert found(mori, "owner:not:none") == {"mail", "worm"}
    assert found(mori, "owner:not:me") == {"disk", "worm"}
    assert found(mori, f"team:is:{team.uuid}") == {"worm"}
    assert found(mori, f"team:not:{team.uuid}") == {"mail", "disk"}
    assert found(mori, "priority:to:1") == {"worm"}
    assert found(mori, "waiting:is:supplier") == {"disk"}
    assert found(mori, "waiting:is:none;owner:is:me|kind:is:disaster") == {"mail", "disk"}
    assert found(mori, "title:has:wor") == {"worm"}
    assert found(mori, "title:lacks:wor;opened:last:1") == {"mail", "disk"}
    assert found(mori, f"organisation:is:{world.site().uuid}") == {"mail", "disk", "worm"}
    assert found(mori, f"updated:before:{clock.now().date().isoformat()}") == set()
    with pytest.raises(Invalid):
        found(mori, "kind:is:weather")


def test_what_was_is_known_after_it_is_over() -> None:
    mori, abe = world.actor("mori", "commander"), world.person("abe", "responder")
    here = made(mori, "moved on")
    made(mori, "untouched")
    incidents.assign(by=mori, ref=here.ref, owner="abe")
    incidents.move(by=mori, ref=here.ref, phase="contain", override_reason="at night")
    world.clock.fast_forward(timedelta(days=3))
    incidents.assign(by=mori, ref=here.ref, owner="mori")
    incidents.move(by=mori, ref=here.ref, phase="recover", override_reason="at night")
    incidents.set_kind(by=mori, ref=here.ref, kind="malware", reason="a worm after all")
    world.clock.fast_forward(timedelta(days=20))
    follow()

    assert found(mori, "phase:was:contain") == {"moved on"}
    assert found(mori, "phase:was:contain:30d") == {"moved on"}
    assert found(mori, "phase:was:contain:7d") == set()
    assert found(mori, f"owner:was:{abe.uuid}") == {"moved on"}
    assert found(mori, "owner:was:abe;owner:is:me") == {"moved on"}
    assert found(mori, "owner:was:none:7d") == {"untouched"}
    assert found(mori, "kind:was:phishing:7d") == {"untouched"}
    assert found(mori, "kind:changed::30d") == {"moved on"}
    assert found(mori, "kind:changed::7d") == set()
    assert found(mori, "class:changed") == set(), "what it was opened with is no change"


def _stood(many: int, value: str, priority: int, *, times: int = 1) -> None:
    """So many records that were in a phase once, or several times."""
    root, now, first = world.site(), clock.now(), Incident.objects.count()
    levels = {"impact": 3, "effect": 3, "urgency": 3, "urgency_asked": 3, "priority": priority}
    whose = {"organisation": root, "kind": "malware", "course": "security", "phase": "detect", "opened_by": "x"}
    rows = Incident.objects.bulk_create(
        Incident(ref=f"INC-2024-{first + place:06}", title=value, opened_at=now, updated_at=now, **levels, **whose)
        for place in range(many)
    )
    since, until = now - timedelta(days=2), now - timedelta(days=1)
    stays = (Stay(incident=one, field="phase", value=value, since=since, until=until) for one in rows * times)
    Stay.objects.bulk_create(stays)


def test_what_was_of_many_records_is_gathered_and_no_list_is_walked_for_it() -> None:
    mori = world.actor("mori", "commander")
    _stood(1, "contain", 4, times=2)
    _stood(1_200, "contain", 5)
    asked = partial(_page, mori, "phase:was:contain:7d")
    assert asked()[1] == 1_201, "one that was there twice makes nobody else be left out"
    _stood(500, "analyse", 1)
    few = effort(asked)
    _stood(5_000, "analyse", 1)
    assert asked()[1] == 1_201
    met = effort(asked)
    if connection.vendor == "sqlite":
        assert met < 1.5 * few
    else:
        assert met < 10 * Incident.objects.count(), "so small a table may be read through, but not once for each stay"


@pytest.mark.parametrize("most", [50_000, 2_300], ids=["gathered", "each asked"])
def test_what_a_database_believes_of_the_stays_makes_no_list_be_walked_for_each_of_them(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an import PostgreSQL counts on what it learnt of a nearly empty table, until its upkeep comes by."""
    monkeypatch.setattr(gathering, "SOME", most)
    mori = world.actor("mori", "commander")
    _stood(300, "detect", 5)
    Incident.objects.update(status="closed", standing=STANDING[Status.CLOSED])
    Stay.objects.update(until=clock.now() - timedelta(days=300))
    upkeep()
    _stood(2_000, "contain", 5)
    _stood(2_000, "detect", 1)
    asked = partial(_page, mori, "status:is:open;phase:was:contain:7d")
    _stood(1, "contain", 4, times=600)
    assert asked()[1] == 2_001, "one that was there often makes nobody else be left out"
    assert effort(asked, known=False) < 100 * Incident.objects.count(), "of what a walk for each stay takes, 2,000"


def test_words_that_most_titles_hold_are_met_on_the_way_through_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL believes that hardly any title holds a word, and would read and sort all that there is."""
    monkeypatch.setattr(gathering, "FEW", 40)
    mori = world.actor("mori", "commander")
    costs = []
    for many in (1_000, 8_000):
        _stood(many, "detect", 3)
        costs.append(effort(lambda: list(records.incidents(mori, q="detec").order_by(*ORDERS["priority"])[:50])))
    assert costs[1] < 1.5 * costs[0]


def _page(by: Actor, text: str) -> tuple[list[str], int]:
    rows = queries.narrowed(records.incidents(by), parse(text), by=by, zone=UTC)
    return [one.ref for one in rows[:50]], rows.order_by()[:10_001].count()


def test_the_history_is_the_same_when_it_is_built_anew() -> None:
    mori = world.actor("mori", "commander")
    here = made(mori, "mail")
    follow()
    incidents.assign(by=mori, ref=here.ref, owner="mori")
    incidents.close(by=mori, ref=here.ref, resolution="nothing", record_class="event", override_reason="night")
    incidents.reopen(by=mori, ref=here.ref, reason="again")
    follow()
    stays = list(
        Stay.objects.order_by("field", "since", "value").values_list("field", "value", "since", "until", "first")
    )
    assert {(field, value) for field, value, _since, until, _first in stays if until == STILL} >= {
        ("status", "open"),
        ("kind", "phishing"),
    }
    assert ("status", "closed") in {(field, value) for field, value, *_ in stays}

    actions.begin_anew()
    assert not Stay.objects.exists()
    follow()
    assert (
        list(Stay.objects.order_by("field", "since", "value").values_list("field", "value", "since", "until", "first"))
        == stays
    )
    assert Followed.objects.get().entry == Entry.objects.latest("number").number
    follow()
    assert Stay.objects.count() == len(stays), "an entry counts once"


def test_a_filter_shows_nobody_what_they_may_not_see() -> None:
    mori, abe = world.actor("mori", "commander"), world.actor("abe", "responder", "administrator")
    here = made(mori, "leak by one of us")
    incidents.assign(by=mori, ref=here.ref, owner="mori")
    incidents.restrict(by=mori, ref=here.ref, reason="personal data")
    follow()
    for text in (
        "kind:is:phishing",
        "owner:was:mori",
        "status:was:open",
        "title:has:leak",
        "kind:not:malware|left:over",
    ):
        assert found(abe, text) == set(), text
        assert found(mori, text) == {"leak by one of us"}, text
    assert found(world.actor("reporter", "reporter"), "kind:is:phishing") == set()


def test_a_filter_is_ones_own_the_teams_or_everybodys() -> None:
    mori, abe, chief = (
        world.actor("mori", "responder"),
        world.actor("abe", "responder"),
        world.actor("chief", "manager"),
    )
    team = accounts.add_team(
        by=world.admin(),
        organisation=world.site().uuid,
        name="CSIRT",
        people=[world.person("mori").uuid, world.person("chief").uuid],
    )
    own = actions.save_filter(by=mori, name="Mine", filter="owner:is:me")
    shared = actions.save_filter(by=mori, name="Ours", filter=f"team:is:{team.uuid}", audience="team", team=team.uuid)
    public = actions.save_filter(
        by=chief,
        name="Grave",
        filter="priority:to:2",
        audience="everyone",
        columns=["owner", "left"],
        order="due",
        group="kind",
    )

    def offered(by: Actor) -> list[str]:
        return [one.name for one in queries.shelf(by).kept]

    assert (offered(mori), offered(chief), offered(abe)) == (["Grave", "Mine", "Ours"], ["Grave", "Ours"], ["Grave"])
    for row in (own, shared):
        with pytest.raises(NotFound):
            actions.save_filter(by=abe, name="x", saved=row.uuid)
        with pytest.raises(NotFound):
            actions.remove_filter(by=world.admin(), saved=row.uuid)
    with pytest.raises(NotAllowed):
        actions.save_filter(by=mori, name="x", audience="everyone")
    with pytest.raises(NotAllowed):
        actions.remove_filter(by=mori, saved=public.uuid)
    with pytest.raises(Invalid):
        actions.save_filter(by=abe, name="x", audience="team", team=team.uuid)

    actions.save_filter(by=chief, name="Ours, open", filter="status:is:open", saved=shared.uuid, version=1)
    with pytest.raises(Conflict) as conflict:
        actions.save_filter(by=mori, name="Ours, mine", filter="owner:is:me", saved=shared.uuid, version=1)
    assert conflict.value.theirs == {"name": "Ours, open", "filter": "status:is:open"}
    actions.restore_filter(by=mori, saved=shared.uuid, number=1)
    assert [one.number for one in queries.history(mori, shared.uuid).versions] == [3, 2, 1]
    assert queries.kept(mori, shared.uuid).terms.name == "Ours"

    actions.remove_filter(by=mori, saved=own.uuid)
    assert offered(mori) == ["Grave", "Ours"]
    assert verify(state=True).findings == ()
    told = Entry.objects.filter(fact__startswith="lists.").values_list("body", flat=True)
    assert told
    assert not [body for body in told if "Ours" in body or "owner:is" in body], "what is personal is committed to only"
