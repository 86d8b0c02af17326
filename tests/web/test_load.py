"""Load through the pages and the API: who drowns is seen first, work is moved from there, and rules say why."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.incidents import actions as incidents
from hikeshi.kernel import clock
from hikeshi.load import actions
from hikeshi.oncall import actions as oncall
from tests import world
from tests.domains.incidents import fresh
from tests.domains.load import heard, on_shift, rule, team
from tests.domains.oncall import SATURDAY
from tests.web import desk

SETTINGS = "/settings/load/"
HOUR = timedelta(hours=1)


def test_three_people_one_night_from_the_settings_to_the_hand_over_in_the_morning() -> None:
    world.clock.freeze(SATURDAY + 14 * HOUR)
    abe, ito, _ueda = (world.person(name, "responder") for name in ("abe", "ito", "ueda"))
    crew = team(abe, ito, _ueda, lead=abe)
    on_shift(ito)
    keeper = desk.browser("keeper", "administrator")
    assert "No rule." in desk.page(keeper.get(SETTINGS))
    keeper.post(f"{SETTINGS}on")
    assert "There is no rule that is switched on" in desk.page(keeper.get(SETTINGS))
    keeper.post(f"{SETTINGS}skills", {"skills": "malware\nmail\n\nmalware"})
    assert "malware" in desk.page(keeper.get(SETTINGS))
    codes = {one.name: one.code for one in actions.set_skills(by=world.admin(), skills=["malware", "mail"])}
    for one in (ito, _ueda):
        address = f"/load/people/{one.uuid}/edit"
        assert keeper.post(address, {"hours": "20", "skills": codes["malware"], "version": 0}).status_code == 302
        assert "Saved by" in desk.page(keeper.post(address, {"hours": "30", "version": 0}), 409)
    bad = desk.page(keeper.post(f"{SETTINGS}rules/new", {"name": "Malware <b>", "shift": "required"}), 422)
    assert "Malware &lt;b&gt;" in bad
    asked = {"name": "Night", "among": f"team:{crew.uuid}", "shift": "required", "to_priority": 3}
    assert keeper.post(f"{SETTINGS}rules/new", {**asked, "skills": codes["malware"]}).status_code == 302
    keeper.post(f"{SETTINGS}on")

    record = desk.incident()
    made = actions.settings.in_force().book.rules[0]
    tried = desk.page(keeper.get(f"{SETTINGS}rules/{made.code}/try?ref={record.ref}"))
    assert "on shift until 28 Nov (Sat) 09:00" in tried
    assert "without the skill" in tried
    assert "not on shift" in tried
    proposed = desk.page(keeper.post(f"/incidents/{record.ref}/assign", {"do": "propose", "owner": ""}))
    assert "Ito: rule “Night”" in proposed
    assert fresh(record).owner is None
    heard()
    assert fresh(record).owner is None  # reactions begin with what is recorded from now on
    rule("Later", automatic=True, team=str(crew.uuid))
    second = desk.incident("Second")
    heard()
    assert fresh(second).owner == ito
    timeline = desk.page(keeper.get(f"/incidents/{second.ref}/"))
    assert "Assigned to Ito by rule “Night”: on shift until 28 Nov 2026 (Sat) 09:00 JST, skill malware" in timeline
    assert "Automatic assignment" in timeline

    board = desk.page(keeper.get("/load/"))
    assert board.index(record.ref) < board.index("Ito")  # what nobody owns stands above
    assert "P1 × 1" in board
    sheet = desk.page(keeper.get(f"/load/hand-over?ref={record.ref}&ref={second.ref}"))
    assert "Ito (open: 1" in sheet
    given = {"ref": [record.ref, second.ref], "owner": str(_ueda.uuid), "note": "Good night"}
    look = desk.page(keeper.post("/load/hand-over", {**given, "do": "look"}))
    assert "open records 0 → 2" in look
    assert fresh(record).owner is None
    assert keeper.post("/load/hand-over", {**given, "do": "sure"}).status_code == 302
    assert (fresh(record).owner, fresh(second).owner) == (_ueda, _ueda)
    assert "Good night" in desk.page(keeper.get(f"/incidents/{record.ref}/"))
    assert "Every open record has an owner." in desk.page(keeper.get(f"/load/?team={crew.uuid}"))


def test_the_room_says_why_nobody_answers_for_a_record_and_gives_it_to_the_closest_by_one_click() -> None:
    world.clock.freeze(SATURDAY + 14 * HOUR)
    abe, ito = (world.person(name, "responder") for name in ("abe", "ito"))
    crew = team(abe, ito)
    rule("Night", team=str(crew.uuid))
    chief = world.actor("chief", "commander")
    record = desk.incident("Lost", by="chief")
    heard()
    oncall.add_absence(by=world.admin(), person=ito.uuid, begins_at=clock.now() - HOUR, ends_at=clock.now() + 48 * HOUR)
    boss = desk.browser("chief")
    address = f"/incidents/{record.ref}/"
    said = desk.page(boss.get(address))
    assert "Nobody could be given this by the rule “Night”." in said
    assert "away: 1" in said
    assert "not on shift: 1" in said
    assert "Closest: Abe: not on shift; open: 0." in said
    assert "Closest:" not in desk.page(desk.browser("auditor", "auditor").get(address))
    sheet = desk.page(boss.post(f"{address}assign", {"do": "propose", "owner": ""}))
    assert "Closest: Abe: not on shift" in sheet
    given = {"owner": str(abe.uuid), "version": fresh(record).version}
    assert boss.post(f"{address}assign", given).status_code == 302
    assert fresh(record).owner == abe
    assert 'class="notice' not in desk.page(boss.get(address)).split('id="owning"')[1].split("</section>")[0]

    incidents.assign(by=chief, ref=record.ref, owner="ito")
    assert "The owner, Ito, is away. Nobody works on this." in desk.page(boss.get(address))
    theirs = desk.page(boss.get(f"/load/people/{ito.uuid}/"))
    assert "Closest to take them over: Abe (open records: 0)." in theirs
    assert "Away, and records wait" in desk.page(boss.get("/load/"))
    sheet = desk.page(boss.get(f"/load/hand-over?ref={record.ref}&owner={abe.uuid}"))
    assert f'value="{abe.uuid}" selected' in sheet


def test_who_may_see_load_and_what_of_it() -> None:
    abe = world.person("abe", "responder")
    team(abe)
    chief = world.actor("chief", "commander")
    secret, plain = desk.incident("Secret", by="chief"), desk.incident("Plain", by="chief")
    for one in (secret, plain):
        incidents.assign(by=chief, ref=one.ref, owner="abe")
    incidents.restrict(by=chief, ref=secret.ref, reason="Insider")
    auditor = desk.browser("auditor", "auditor")
    for path in ("/load/", f"/load/people/{abe.uuid}/"):
        shown = desk.page(auditor.get(path))
        assert secret.ref not in shown
        assert "Secret" not in shown
        assert "may not see" in shown
    assert plain.ref in shown
    assert 'type="checkbox"' not in shown
    desk.page(auditor.get(f"/load/people/{abe.uuid}/edit"), 403)
    desk.page(auditor.get(f"/load/hand-over?ref={plain.ref}"), 403)
    desk.page(desk.browser("chief").get(f"/load/hand-over?ref={plain.ref}&ref=INC-2020-0001"), 404)
    for path in ("/load/", SETTINGS):
        desk.page(desk.browser("ito", "reporter").get(path), 403)
    assert "Give records to people" not in desk.page(auditor.get(SETTINGS))
    desk.page(auditor.get("/load/?team=x"), 404)
    desk.page(auditor.get("/load/?page=99"))


def test_a_full_queue_is_loud_and_an_estimate_is_written_in_hours() -> None:
    world.clock.freeze(SATURDAY + timedelta(days=3))
    abe = world.person("abe", "responder")
    team(abe)
    record = desk.incident(by="chief")
    browser = desk.browser("abe")
    browser.post(f"/incidents/{record.ref}/take")
    assert browser.post(f"/incidents/{record.ref}/estimate", {"hours": "67.5"}).status_code == 302
    assert "Work left: 67.5 h" in desk.page(browser.get(f"/incidents/{record.ref}/"))
    assert 'value="99999"' in desk.page(browser.post(f"/incidents/{record.ref}/estimate", {"hours": "99999"}), 422)
    shown = desk.page(browser.get("/load/"))
    assert "150%" in shown
    assert "More work than time" in shown
    assert "Queues that need a look: 1" in shown
    task = incidents.add_task(by=world.actor("abe"), ref=record.ref, title="Ask", owner="abe")
    assert browser.post(f"/incidents/{record.ref}/estimate-task/{task.uuid}", {"hours": "0.5"}).status_code == 302
    assert "0.5 h left" in desk.page(browser.get(f"/incidents/{record.ref}/"))


def test_the_page_costs_as_many_queries_for_forty_people_as_for_four() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.page(browser.get("/load/"))
        return len(asked)

    browser = desk.browser("chief", "commander")
    chief = world.actor("chief")
    few = [world.person(f"p{number}", "responder") for number in range(4)]
    team(*few)
    incidents.assign(by=chief, ref=desk.incident(by="chief").ref, owner="p1")
    cost()
    before = cost()
    many = [world.person(f"q{number}", "responder") for number in range(36)]
    team(*many, name="Night")
    for one in many[:9]:
        incidents.assign(by=chief, ref=desk.incident(by="chief").ref, owner=one.username)
    assert cost() == before
