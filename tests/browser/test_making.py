"""What those make who run the desk, on a desk or a telephone: rules for alerts, forms for reports, answers to read."""

from playwright.sync_api import Page, expect

from tests.browser.days import each_day
from tests.browser.people import Desk, Language, Window, open_to_all, press, take_time, whole
from tests.running import eventually


def _alerts(desk: Desk, host: str, *titles: str) -> None:
    for title in titles:
        desk.send("generic", {"title": title, "severity": "medium", "host": f"{host}-{titles.index(title)}"})
    items = f"/api/v1/alerts?q={host}"
    eventually(lambda: len(desk.site.get(items, token=desk.api).json()["items"]) == len(titles))


@each_day("zaikan", "anna")
def test_a_rule_is_tried_on_what_came_narrowed_and_switched_on(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    """It would take one alert too many: seen before it judges anything."""
    word = f"Quarry{language}{size[0]}"
    _alerts(desk, word, f"{word} nightly check", f"{word} nightly check failed")
    page = window.open(who, language=language, size=size)
    page.goto("/rules/")
    press(page.locator("a[href='/rules/new']"))
    page.fill("[name=line-0-field]", "finding_info.title")
    page.select_option("[name=line-0-operator]", "contains")
    page.fill("[name=line-0-values]", word)
    page.check("[name=verdict][value=drop]")
    for name in ("reason_ja", "reason_en", "title_ja", "title_en"):
        page.fill(f"[name={name}]", f"{word} {name}")
    page.fill("[name=rank]", "301")
    page.fill("[name=code]", word.lower())
    press(page.locator(".sticky-acts button[value=try]"))
    tried = page.locator("#trial .plain-list li")
    expect(tried).to_have_count(2)
    whole(page)
    page.select_option("[name=line-1-joint]", "unless")
    page.fill("[name=line-1-field]", "finding_info.title")
    page.select_option("[name=line-1-operator]", "contains")
    page.fill("[name=line-1-values]", "failed")
    press(page.locator(".sticky-acts button[value=try]"))
    expect(tried).to_have_count(1)
    press(page.locator(".sticky-acts button.main"))
    press(page.locator("#main a[href$='/on']"))
    expect(page.locator("#trial")).to_be_visible()
    whole(page)
    press(page.locator("#main form button.main"))
    expect(page.locator("#rule .badge.act").first).to_be_visible()
    whole(page)

    _alerts(desk, f"{word}then", f"{word} nightly check, again", f"{word} nightly check failed, again")
    page.goto(f"/alerts/?stand=all&q={word}then")
    expect(page.locator("#alert-rows a.title")).to_have_count(2)
    press(page.locator("#alert-rows a.title", has_text="check, again"))
    expect(page.locator("#main")).to_contain_text(f"{word} reason_{language}")
    page.goto(f"/rules/{word.lower()}/")
    press(page.locator("form[action$='/off'] button"))
    expect(page.locator("form[action$='/off']")).to_have_count(0)


@each_day("zaikan", "anna")
def test_a_form_is_made_offered_and_answered(
    desk: Desk, window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    """A question that is asked only of who said yes to the one before it."""
    page = window.open(who, language=language, size=size)
    open_to_all(page)
    title = f"Badge lost {language} {size[0]}"
    page.goto("/settings/forms/")
    press(page.locator("#main a[href$='/forms/new']"))
    _fill(page, {"title_ja": f"入館証の紛失 {size[0]}", "title_en": title})
    page.check("[name=use][value=odd]")
    page.check("[name=audience][value=everyone]")
    _fill(page, {"questions-0-label_ja": "警察に届けましたか", "questions-0-label_en": "Were the police told?"})
    page.select_option("[name=questions-0-kind]", "yes_no")
    press(page.locator("button[name=do][value=add]"))
    _fill(page, {"questions-1-label_ja": "受理番号", "questions-1-label_en": "Number of the report"})
    page.select_option("[name=questions-1-kind]", "short")
    press(page.locator("button[name=do][value=look]"))
    press(page.locator("#main .question").nth(1).locator("summary").nth(1))
    page.check("[name=questions-1-when][value='f1=yes']")
    whole(page)
    press(page.locator("button.main[name=do][value=save]"))
    page.wait_for_url("**/settings/forms/*-*/")
    whole(page)
    press(page.locator("form[action*='/offer'] button"))
    expect(page.locator("#main .badge.over").first).to_be_visible()
    at = f"/report/forms/{page.url.rstrip('/').rsplit('/', 1)[1]}/"

    own = window.open(size=size, language=language)
    own.goto("/report/")
    expect(own.locator(f".site-forms a[href='{at}']")).to_contain_text({"ja": "入館証の紛失", "en": title}[language])
    press(own.locator(f".site-forms a[href='{at}']"))
    own.fill("[name=what]", f"Lost on the train ({language} {size[0]})")
    number = own.locator("[name=q-f2]")
    expect(number).to_be_hidden()
    own.locator("[name=q-f1][value=yes]").check()
    number.fill("A-1234")
    whole(own)
    take_time(own)
    press(own.locator("#report button.main.wide"))
    ref = own.locator(".slip .figure").inner_text()
    page.goto(f"/incidents/{ref}/")
    expect(page.locator("#talk .told")).to_contain_text("A-1234")
    page.goto(f"/settings/forms/{at.split('/')[3]}/")
    press(page.locator("form[action$='/withdraw'] button"))
    expect(page.locator("form[action$='/withdraw']")).to_have_count(0)
    own.goto("/report/")
    expect(own.locator(f".site-forms a[href='{at}']")).to_have_count(0)


def _fill(page: Page, words: dict[str, str]) -> None:
    for name, text in words.items():
        page.fill(f"[name={name}]", text)


def _places(page: Page) -> list[object]:
    """Where the fields and buttons of the form stand on the page."""
    boxes = (
        "all => all.filter((one) => one.offsetHeight).map((one) => one.offsetTop + one.getBoundingClientRect().height)"
    )
    return list(page.locator("#report .field, #report .buttons").evaluate_all(boxes))


@each_day("shirei", "planner")
def test_who_keeps_the_answers_writes_one_that_people_find_and_mends_it_once_it_did_not_help(
    window: Window, who: str, language: Language, size: tuple[int, int]
) -> None:
    word = f"Zebra{language}{size[0]}"
    page = window.open(who, language=language, size=size)
    page.goto("/settings/answers/")
    press(page.locator("#main a[href$='/answers/new']"))
    _fill(page, {"question_ja": f"{word} が印刷できません", "question_en": f"{word} does not print"})
    _fill(page, {"answer_ja": "電源を入れ直します。", "answer_en": "Switch it off and on.", "keywords": f"{word}prn"})
    page.check("[name=audience][value=signed_in]")
    whole(page)
    press(page.locator("#main form button.main"))
    press(page.locator("form[action*='/publish'] button.main"))
    expect(page.locator("#main .badge.over").first).to_be_visible()
    whole(page)

    employee = window.open({"ja": "shain", "en": "emma"}[language], language=language, size=size)
    employee.goto("/report/request")
    before = _places(employee)
    employee.locator("[name=what]").press_sequentially(f"{word}prn")
    offered = employee.locator("#alike li", has_text=word)
    expect(offered).to_be_visible()
    assert _places(employee) == before, "what is proposed lies over what comes next and moves nothing"
    employee.keyboard.press("Escape")
    expect(offered).to_be_hidden()
    expect(employee.locator("[name=what]")).to_be_focused()
    employee.locator("#report button.main.wide").focus()
    employee.locator("[name=what]").focus()
    expect(offered).to_be_visible()
    employee.keyboard.press("Tab")
    expect(employee.locator("#alike [data-put-away]")).to_be_focused()
    employee.keyboard.press("Tab")
    expect(offered.locator("summary")).to_be_focused()
    press(offered.locator("summary"))
    expect(offered.locator(".written")).to_be_visible()
    press(offered.locator("a.fine"))
    expect(employee.locator(".written")).to_contain_text({"ja": "入れ直します", "en": "off and on"}[language])
    whole(employee)
    press(employee.locator("form[action$='/unhelped'] button"))
    expect(employee.locator("form[action$='/unhelped'] button.main")).to_be_visible()

    page.goto(f"/settings/answers/?q={word}")
    whole(page)
    press(page.locator("#answer-rows a.strong"))
    press(page.locator("#main a[href$='/edit']"))
    _fill(page, {"answer_ja": "紙を入れます。", "answer_en": "Put paper in.", "why": "It did not help"})
    press(page.locator("#main form button.main"))
    press(page.locator("form[action*='/publish'] button.main"))
    expect(page.locator("form[action*='/publish'] button.main")).to_have_count(0)
    employee.reload()
    expect(employee.locator(".written")).to_contain_text({"ja": "紙を", "en": "paper in"}[language])
    press(page.locator("form[action$='/withdraw'] button"))
    expect(page.locator("#main .badge.over")).to_have_count(0)
