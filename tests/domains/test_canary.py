"""The desk tries its own chain: door, digest, rule, call, provider, link; each stage with its time."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Person, Token
from hikeshi.accounts.ways import Kind
from hikeshi.canary import actions, knocking, queries
from hikeshi.canary.models import Arrangement, Canary
from hikeshi.canary.stages import Stage, Why, next_at
from hikeshi.engine import escalate
from hikeshi.engine.canary import Canaries
from hikeshi.engine.digest import Digest
from hikeshi.incidents.models import Incident
from hikeshi.intake import actions as intake
from hikeshi.intake import digesting
from hikeshi.intake.inbox import gauges
from hikeshi.intake.inbox.appending import Post, append
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert
from hikeshi.kernel import clock
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Invalid
from hikeshi.kernel.worlds import World
from hikeshi.ledger import reactions
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.notify.models import Outgoing
from hikeshi.notify.sending import Sender
from hikeshi.oncall.drafts import StepDraft
from hikeshi.oncall.escalation import TargetKind
from tests import phone, world
from tests.domains import calling
from tests.web.desk import browser

TOKYO = ZoneInfo("Asia/Tokyo")


class Desk:
    """The loops of an engine, step by step; the door takes what is posted as it does behind its network."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.faults: list[Why] = []
        self.digest = Digest("me/1/1", digesting.digest, intake.park)
        self.sender = Sender(workers=0)
        self.canaries = Canaries()
        monkeypatch.setattr(knocking, "knock", self.knock)

    def knock(self, address: str, *, secret: str, body: bytes, once: str) -> UUID:
        assert Token.objects.get(source="canary").revoked_at is None
        if self.faults:
            raise knocking.NotTaken(self.faults.pop(0))
        item = InboxItem(uuid7(), "canary", world.site().pk, body, "application/json", clock.now(), World.REAL, 1)
        answer = append([Post(item)])[0]
        return answer.receipt  # type: ignore[union-attr]  # nothing comes twice here

    def works(self, minutes: float = 0) -> None:
        world.clock.fast_forward(timedelta(minutes=minutes))
        for _ in range(4):
            self.canaries.step(clock.now())
            while self.digest.step(clock.now()):
                continue
            while escalate.step(clock.now()):
                continue
            while self.sender.step(clock.now()):
                continue
            reactions.step(clock.now())
        self.canaries.step(clock.now())


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, settings: object) -> Desk:
    settings.PUBLIC_URL = "https://desk.example"  # type: ignore[attr-defined]  # pytest-django's own
    world.site()
    reactions.begin()
    return Desk(monkeypatch)


def mori(kind: Kind = Kind.NTFY) -> Person:
    person = world.person("mori", "responder")
    phone.way(person, kind)
    return person


def asked(person: Person) -> Canary:
    return actions.ask(by=world.admin(), to="person", value=f"person:{person.uuid}")


def test_a_canary_passes_every_stage_and_leaves_nothing_behind(desk: Desk) -> None:
    ntfy = phone.Phone()
    row = asked(mori())
    with phone.ringing(ntfy=ntfy):
        desk.works()
        link = f"/a/{ntfy.rang[0].token}"
        assert ntfy.rang[0].title.startswith("テスト呼び出し")
        shown = Client().get(link).content.decode()
        assert "テスト" in shown
        assert shown.count('name="choice"') == 1
        Client().post(link, {"choice": "here"})
        desk.works()
    row.refresh_from_db()
    assert row.state == "answered"
    passed = [row.times[stage] for stage in Stage]
    assert None not in passed
    assert passed == sorted(at for at in passed if at)
    assert row.answered_by == f"person:{world.person('mori').uuid}"
    assert not Alert.objects.exists()
    assert not Incident.objects.exists()
    assert gauges.shown(gauges.CANARY_FAILED) == 0
    assert Entry.objects.filter(fact="canary.Answered").count() == 1
    assert not verify(state=True).findings


def test_no_rule_of_the_site_makes_an_incident_of_it(desk: Desk) -> None:
    from hikeshi.intake.rulebook import CANARY, RuleBook, read
    from hikeshi.intake.rulebook import SHIPPED as RULES

    grave = read(RULES / "600-grave_of_any_source.yml")
    book = RuleBook([grave])
    normal = {"metadata": {"log_provider": "canary"}, "severity_id": 6, "status_id": 1}
    assert [one.code for one in book.matches(normal)] == [CANARY.code]
    for code in ("canary",):
        with pytest.raises(Invalid, match="source_code"):
            intake.checked_source(world.admin(), code, _mapped())


def _mapped() -> object:
    from tests.architecture.scene import MAPPED

    return MAPPED


def test_nobody_answers_and_administrators_hear_of_it_by_another_way(desk: Desk) -> None:
    boss = world.person("boss", "administrator")
    phone.way(boss, Kind.NTFY)
    phone.way(boss, Kind.MAIL, "boss@example.jp")  # this site has no mail server
    phone.way(boss, Kind.WEBHOOK, "https://hook.example/x")
    ntfy, hook = phone.Phone(), phone.Phone()
    row = asked(mori())
    with phone.ringing(ntfy=ntfy, webhook=hook):
        desk.works()
        desk.works(14)
        assert Canary.objects.get(pk=row.pk).state == "under_way"
        desk.works(1)
        desk.works()
    row.refresh_from_db()
    assert (row.state, row.stage, row.why) == ("failed", "answered", "unanswered")
    assert [one.way.kind for one in hook.rang] == ["webhook"]
    assert "届きませんでした" in hook.rang[0].title
    assert {one.to.owner for one in ntfy.rang} == {f"person:{world.person('mori').uuid}"}
    assert gauges.shown(gauges.CANARY_FAILED) == 1
    assert queries.alarm(world.admin()) == row
    assert queries.alarm(world.actor("mori")) is None

    again = asked(world.person("mori"))
    with phone.ringing(ntfy=ntfy, webhook=hook):
        desk.works(1)
        Client().post(f"/a/{ntfy.rang[-1].token}", {"choice": "here"})
        desk.works()
    assert Canary.objects.get(pk=again.pk).state == "answered"
    assert gauges.shown(gauges.CANARY_FAILED) == 0
    assert queries.alarm(world.admin()) is None


def test_a_door_that_is_shut_for_a_moment_is_knocked_at_again_and_one_that_stays_shut_is_told(desk: Desk) -> None:
    person, ntfy = mori(), phone.Phone()
    row = asked(person)
    desk.faults = [Why.DOOR_SILENT]
    with phone.ringing(ntfy=ntfy):
        desk.works()
        assert Canary.objects.get(pk=row.pk).why == "door_silent"
        desk.works(0.1)
        assert Canary.objects.get(pk=row.pk).posted_at is not None
        assert len(ntfy.rang) == 1
        Client().post(f"/a/{ntfy.rang[0].token}", {"choice": "here"})
        desk.works()
    assert Token.objects.filter(source="canary").count() == 1

    lost = asked(person)
    desk.faults = [Why.DOOR_REFUSED] * 500
    for _ in range(16):
        desk.works(1)
    lost.refresh_from_db()
    assert (lost.state, lost.stage, lost.why) == ("failed", "posted", "door_refused")


def test_a_key_that_somebody_revoked_is_replaced(desk: Desk) -> None:
    first = actions.take_key(by=phone.DESK)
    assert actions.take_key(by=phone.DESK) == first
    assert first not in Arrangement.objects.get().key
    accounts.revoke_token(by=world.admin(), token=Token.objects.get(source="canary").uuid)
    assert actions.take_key(by=phone.DESK) != first


@pytest.mark.parametrize("held", [True, False])
def test_a_desk_that_would_not_send_says_so_and_sends_none_by_plan(desk: Desk, held: bool) -> None:
    person = mori()
    monday = datetime(2026, 11, 15, 23, 0, tzinfo=UTC)
    world.clock.freeze(monday)
    actions.arrange(by=world.admin(), to="person", value=f"person:{person.uuid}", days=[0], at=time(9))
    if held:
        accounts.hold_site(by=world.admin())
        with pytest.raises(Invalid, match="would_not_send"):
            asked(person)
    with phone.ringing(ntfy=phone.Phone()):
        desk.works(59)
        assert not Canary.objects.exists()
        desk.works(1)
    row = Canary.objects.get()
    assert row.state == ("left_out" if held else "under_way")
    page = browser("keeper", "administrator").get("/settings/canary/").content.decode()
    if held:
        assert Entry.objects.filter(fact="canary.LeftOut").count() == 1
        assert "Not sent" in page
        assert "The desk was held: nothing leaves it." in page
        assert queries.last_failed() is None
    assert not verify(state=True).findings
    plan = queries.arrangement()
    assert plan.next_at == monday + timedelta(days=7, hours=1)
    if not held:
        assert Canary.objects.get().scheduled


def test_an_empty_rota_fails_at_once_and_a_policy_is_tried_without_outsiders_and_executives(desk: Desk) -> None:
    rota = calling.empty_rota()
    with phone.ringing(ntfy=phone.Phone()):
        row = actions.ask(by=world.admin(), to="rota", value=str(rota))
        desk.works()
        row.refresh_from_db()
        assert (row.state, row.stage, row.why) == ("failed", "called", "empty_rota")

        boss, person = calling.reachable("boss", "manager"), mori()
        steps = (StepDraft(kind=TargetKind.EXECUTIVES), calling.step(person))
        night = calling.policy(*steps, StepDraft(kind=TargetKind.RAISE, value="1"))
        actions.ask(by=world.admin(), to="policy", value=str(night.uuid))
        desk.works()
    told = Outgoing.objects.filter(purpose="canary").values_list("to", flat=True)
    assert list(told) == [calling.ref(person)]
    assert not Outgoing.objects.filter(to=calling.ref(boss)).exists()


def test_one_at_a_time_and_only_to_whom_there_is(desk: Desk) -> None:
    person = mori()
    for to, value in (("person", f"person:{uuid7()}"), ("rota", "x"), ("policy", str(uuid7())), ("fax", "x")):
        with pytest.raises(Invalid, match="target"):
            actions.ask(by=world.admin(), to=to, value=value)
    asked(person)
    with pytest.raises(Invalid, match="canary_under_way"):
        asked(person)


@pytest.mark.parametrize(
    ("days", "after", "expected"),
    [
        ([0], datetime(2026, 11, 16, 0, 59, tzinfo=UTC), datetime(2026, 11, 16, 1, 0, tzinfo=UTC)),
        ([0], datetime(2026, 11, 16, 1, 0, tzinfo=UTC), datetime(2026, 11, 23, 1, 0, tzinfo=UTC)),
        ([0, 3], datetime(2026, 11, 16, 1, 0, tzinfo=UTC), datetime(2026, 11, 19, 1, 0, tzinfo=UTC)),
        ([], datetime(2026, 11, 16, 1, 0, tzinfo=UTC), None),
    ],
)
def test_the_next_is_on_the_next_of_its_days(days: list[int], after: datetime, expected: datetime | None) -> None:
    assert next_at(days, time(10), TOKYO, after) == expected


def test_an_hour_that_clocks_leave_out_is_the_moment_of_their_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    found = next_at([6], time(2, 30), berlin, datetime(2026, 3, 28, tzinfo=UTC))
    assert found == datetime(2026, 3, 29, 1, 0, tzinfo=UTC)


def test_the_page_shows_history_and_figures_and_the_banner_only_to_who_can_mend_it(desk: Desk) -> None:
    ntfy = phone.Phone()
    asked(mori())
    with phone.ringing(ntfy=ntfy):
        desk.works()
        Client().post(f"/a/{ntfy.rang[0].token}", {"choice": "here"})
        world.clock.fast_forward(timedelta(seconds=12))
        desk.works()
    keeper = browser("keeper", "administrator")
    page = keeper.get("/settings/canary/").content.decode()
    assert "TEST-" in page
    assert page.count("<tr>") >= 9
    index = keeper.get("/settings/").content.decode()
    assert "<bdi>Mori</bdi> answered after" in index
