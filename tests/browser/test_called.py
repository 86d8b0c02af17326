"""Three in the morning: the link in a call answers by thumb or by keys, and says who has it and who is next."""

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.days import each_day
from tests.browser.people import NARROW, Desk, Language, Window, press, settled, tab_to, whole
from tests.browser.planning import today

ROOT = Path(__file__).parents[2]
THUMB = 44
APART = 8


def called(desk: Desk, *people: str) -> dict[str, str]:
    """The link each of them got by user name: one record, all called at once."""
    ref = desk.incident("Files on the shared server are encrypted", impact=2, effect=1, urgency=1)
    environment = {**desk.site.environment, "DJANGO_SETTINGS_MODULE": "hikeshi.config.settings"}
    script = [sys.executable, "-m", "tests.browser.called", ref, *people]
    said = subprocess.run(script, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert said.returncode == 0, said.stderr
    found: dict[str, str] = json.loads(said.stdout)
    return found


def within_reach(page: Page, where: str) -> int:
    """How many buttons there are; each in the lower half of the screen, tall enough, and apart from the others."""
    settled(page)
    boxes = [box for one in page.locator(where).all() if (box := one.bounding_box())]
    for box in boxes:
        assert box["height"] >= THUMB, boxes
        assert NARROW[1] / 2 <= box["y"] <= NARROW[1] - box["height"], boxes
    for one, other in combinations(boxes, 2):
        across = max(one["x"], other["x"]) - min(one["x"] + one["width"], other["x"] + other["width"])
        down = max(one["y"], other["y"]) - min(one["y"] + one["height"], other["y"] + other["height"])
        assert max(across, down) >= APART, boxes
    return len(boxes)


TAKE = {"ja": "対応します", "en": "I take it"}
TAKEN = {"ja": "ほかの人は呼び出しません", "en": "Nobody else is called"}
HANDED = {"ja": "次の人を呼び出しています", "en": "Whoever is next is being called"}
NAMES = {"denwa": "電話 一郎", "wright": "Anne Wright"}
OTHER = {"denwa": "wright", "wright": "denwa"}


def choose_by_hand(page: Page, size: tuple[int, int], choice: str) -> None:
    """With the thumb on a telephone, by keys on a desk."""
    button = f"button[name=choice][value={choice}]"
    if size == NARROW:
        press(page.locator(button))
    else:
        tab_to(page, button)
        page.keyboard.press("Enter")


@each_day("denwa", "wright")
def test_a_call_is_answered_from_its_link_and_whoever_comes_later_reads_who_has_it(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    links = called(desk, who, OTHER[who])
    page, late = window.open(size=size), window.open(size=size)
    late.goto(links[OTHER[who]])
    for _ in range(2):  # a preview or a scanner may have looked before
        page.goto(links[who])
    assert page.locator("html").get_attribute("lang") == language
    if size == NARROW:
        assert within_reach(page, ".called-acts .button") == 4
    whole(page)
    forwarded = window.open("kaku", size=size)
    forwarded.goto(links[who])
    expect(forwarded.locator("[role=alert]")).to_be_visible()
    expect(forwarded.locator("button[name=choice]")).to_have_count(0)

    expect(page.locator("button.main")).to_contain_text(TAKE[language])
    choose_by_hand(page, size, "acknowledge")
    expect(page.locator(".called")).to_contain_text(TAKEN[language])
    expect(page.locator(".called-text")).to_have_count(0)  # that the next one is called is true no more
    again = window.open(size=size)
    again.goto(links[who])
    expect(again.locator(".called")).to_contain_text(TAKEN[language])
    expect(again.locator("button[name=choice]")).to_have_count(0)
    if size == NARROW:
        assert within_reach(again, ".called-acts .button") == 1
    choose_by_hand(late, size, "acknowledge")
    expect(late.locator("[role=alert]")).to_contain_text(NAMES[who])


def _rota(desk: Desk, name: str, *usernames: str) -> str:
    """Its uuid: who is named first is on call now, the next one from the day after tomorrow on: midnight may come."""
    place = desk.site.get("/api/v1/organisations", token=desk.api).json()["items"][0]["uuid"]
    found = {one: desk.site.get(f"/api/v1/people?q={one}", token=desk.api).json()["items"] for one in usernames}
    people = [next(one["uuid"] for one in found[name] if one["username"] == name) for name in usernames]
    layer = {"people": people, "every": 2, "unit": "day", "zone": "Asia/Tokyo", "begins": f"{today()}T00:00"}
    body = {"organisation": place, "name": name, "time_zone": "Asia/Tokyo", "layers": [layer]}
    made = desk.site.post("/api/v1/rotas", body, token=desk.api)
    assert made.status == 201, made.body
    return str(made.json()["uuid"])


@each_day("denwa", "wright")
def test_whoever_is_on_call_hands_a_call_on_and_sees_who_is_called_and_who_is_next(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    rota = _rota(desk, f"夜の当番 {who} {size[0]}", who, OTHER[who])
    link = called(desk, who)[who]
    page = window.open(who, language=language, size=size)
    page.goto(link)
    choose_by_hand(page, size, "hand_over")
    expect(page.locator(".called")).to_contain_text(HANDED[language])
    whole(page)
    press(page.locator(".called-acts a.button"))
    page.wait_for_url("**/incidents/INC-*/")
    expect(page.locator("#calls")).to_contain_text(NAMES[who])
    whole(page)
    page.goto("/oncall/")
    line = page.locator("#oncall-now tr", has_text=f"夜の当番 {who} {size[0]}")
    expect(line).to_contain_text(NAMES[who])
    whole(page)
    press(line.locator("a.title"))
    turns = page.locator("#rota-now li")
    expect(turns.nth(0)).to_contain_text(NAMES[who])
    expect(turns.nth(1)).to_contain_text(NAMES[OTHER[who]])
    whole(page)
    desk.site.post(f"/api/v1/rotas/{rota}/retire", {}, token=desk.api)


def test_the_room_is_acknowledged_with_the_thumb(desk: Desk, window: Window) -> None:
    ref = desk.incident("Somebody sends mail in our name")
    page = window.open("shiki", size=NARROW)
    page.goto(f"/incidents/{ref}/")
    assert within_reach(page, "#thumb .button:visible")
    press(page.locator("#thumb button.main"))
    expect(page.locator("#thumb form[action$='/take']")).to_have_count(0)
    expect(page.locator("#people")).to_contain_text("指揮 一郎")
