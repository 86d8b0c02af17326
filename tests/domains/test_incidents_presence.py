"""Who else is here: for those who see the record, for less than a minute, and never kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.incidents import actions, queries
from hikeshi.incidents.models import Presence
from hikeshi.kernel.refusals import NotFound
from hikeshi.ledger.models import Entry
from tests import world
from tests.domains.incidents import opened
from tests.web import desk


def names(by: str, ref: str) -> list[tuple[str, bool]]:
    return [(one.name, one.typing) for one in queries.present(world.actor(by), ref).lookers]


def test_whoever_has_it_open_is_named_to_the_others_until_they_are_gone() -> None:
    mori, sato = world.actor("mori", "commander"), world.actor("sato", "responder")
    world.person("clerk", "responder")
    ref = opened(mori).ref
    before = Entry.objects.count()
    actions.look(by=mori, ref=ref)
    actions.look(by=sato, ref=ref, typing=True)
    actions.look(by=sato, ref=ref)
    assert names("clerk", ref) == [("Sato", True), ("Mori", False)]
    assert names("mori", ref) == [("Sato", True)], "nobody is told of themselves"
    world.clock.fast_forward(timedelta(seconds=30))
    actions.look(by=mori, ref=ref)
    world.clock.fast_forward(timedelta(seconds=30))
    assert names("clerk", ref) == [("Mori", False)]
    assert Entry.objects.count() == before, "nothing of it is history"
    world.clock.fast_forward(timedelta(minutes=11))
    assert not actions.forget_presence(world.clock.now())
    assert not Presence.objects.exists()


def test_who_may_not_see_the_record_neither_learns_who_is_there_nor_appears_there() -> None:
    mori, clerk = world.actor("mori", "commander"), world.actor("clerk", "responder")
    ref = opened(mori).ref
    actions.restrict(by=mori, ref=ref, reason="x")
    actions.look(by=mori, ref=ref)
    for act in (lambda: queries.present(clerk, ref), lambda: actions.look(by=clerk, ref=ref)):
        with pytest.raises(NotFound):
            act()
    browser = desk.browser("clerk")
    assert browser.post(f"/incidents/{ref}/here").status_code == 404
    assert "Mori" not in desk.page(browser.get("/incidents/"))


def test_two_hundred_people_cost_no_more_than_two_and_the_list_asks_once() -> None:
    mori = world.actor("mori", "commander")
    one, other = opened(mori), opened(mori)
    people = [world.actor(f"p{number}", "responder") for number in range(200)]
    actions.look(by=people[0], ref=one.ref)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            actions.look(by=people[0], ref=one.ref)
            queries.present_at(mori, one)
            queries.present_in(mori, [one, other])
        return len([each for each in asked if "SAVEPOINT" not in each["sql"]])

    few = cost()
    for person in people:
        actions.look(by=person, ref=one.ref)
    assert cost() == few <= 6
    assert queries.present_at(mori, one).more == 188
    room = desk.page(desk.browser("mori").get(f"/incidents/{one.ref}/"))
    here = room.split('id="present"', 1)[1].split("</div>", 1)[0]
    assert here.count('class="chip"') == 12
    assert "188" in here, "twelve are named, the others are a number"
    page = desk.page(desk.browser("mori").get("/incidents/"))
    assert page.count("badge plain there") == 1
