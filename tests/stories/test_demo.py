"""The demonstration reads like a desk that has been lived in, and is none."""

from itertools import pairwise

from hikeshi.accounts import demonstration, queries
from hikeshi.accounts.models import Party, Person, Site, StoredWay
from hikeshi.assets.models import IndicatorList
from hikeshi.cli.demonstration import filling, stories
from hikeshi.figures.models import Board
from hikeshi.forms.models import Form
from hikeshi.incidents.codes import RecordClass, Status
from hikeshi.incidents.models import Cost, Decision, Incident, Milestone, Phase
from hikeshi.intake.models import Benign, Inhibition, Silence
from hikeshi.kernel import clock
from hikeshi.kernel.worlds import World, may_leave
from hikeshi.knowledge import queries as knowledge
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.lists.models import SavedFilter
from hikeshi.notices import queries as notices
from hikeshi.notify.models import Delivery
from hikeshi.oncall.models import Policy, Rota
from hikeshi.service_levels.models import Clock
from tests.world import admin


def test_a_company_with_weeks_behind_it_stands_in_a_world_of_its_own() -> None:
    filling.fill()
    records = Incident.objects.all()
    assert records.count() >= 20
    assert set(records.values_list("record_class", flat=True)) == set(RecordClass)
    assert {Status.OPEN, Status.CLOSED} <= set(records.values_list("status", flat=True))
    assert records.filter(restricted=True).exists()
    assert records.filter(reopened=1).exists()
    now_open = set(Phase.objects.filter(state="open", in_course=True).values_list("code", flat=True))
    assert now_open >= {"analyse", "contain", "eradicate", "recover", "confirm", "open", "report"}

    worlds = {World(one) for one in records.values_list("world", flat=True)}
    assert worlds == {World(Site.objects.get().world)} == {World.DEMO}
    assert not may_leave(World.DEMO, site_live=True)

    assert Rota.objects.count() == 2
    assert Policy.objects.filter(retired_at__isnull=True).count() == 2
    assert Party.objects.count() >= 5
    assert set(StoredWay.objects.exclude(trouble="").values_list("trouble", flat=True)) == {"bounced", "silent"}
    assert {"running", "paused", "met", "missed"} <= set(Clock.objects.values_list("state", flat=True))
    assert not Delivery.objects.exists()
    _people_are_told_and_answered_and_money_is_decided_on()
    for shown in (Silence, Inhibition, Benign, SavedFilter, Board, Form):
        assert shown.objects.exists(), shown

    times = list(Entry.objects.order_by("number").values_list("at", flat=True))
    assert all(one <= other for one, other in pairwise(times))
    assert times[-1] <= clock.now()
    assert verify(state=True).holds
    _its_people_are_offered_only_where_nobody_else_reaches_the_desk()


def _people_are_told_and_answered_and_money_is_decided_on() -> None:
    (told,) = notices.known(None, "ja") or notices.known(
        queries.actor_of(Person.objects.get(username="nakamura")), "ja"
    )
    assert len(told.news) == 2
    assert len(knowledge.published(None, "ja")) == 3
    assert sum(one.due for one in knowledge.lines(admin())) == 1
    assert Milestone.objects.count() == 3
    assert IndicatorList.objects.get().count == 5
    assert Decision.objects.filter(decided_at=None).count() == 1
    assert set(Cost.objects.values_list("actual", flat=True)) == {True, False}


def _its_people_are_offered_only_where_nobody_else_reaches_the_desk() -> None:
    offered = demonstration.people()
    roles = {"administrator", "commander", "responder", "manager", "auditor", "reporter"}
    assert {one.role for one in offered} == roles
    for world, found in ((World.REAL, []), (World.DRILL, []), (World.DEMO, offered)):
        Site.objects.update(world=world)
        assert demonstration.people() == found


def test_a_span_is_days_hours_and_minutes() -> None:
    assert stories.span("-1d 2h 5m").total_seconds() == -(86400 + 7200 + 300)
