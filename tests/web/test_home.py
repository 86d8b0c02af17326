"""The first page, and going anywhere by a few letters."""

import html
import re
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts.models import Person
from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident, Message, Reporter
from hikeshi.incidents.reporting import Purpose
from hikeshi.lists import actions as lists
from tests import world
from tests.domains import assets, calling
from tests.domains import oncall as duty
from tests.domains.clocks import engine, promised
from tests.web.desk import PANELS, alert, browser, incident, page


def panel(text: str, name: str) -> str:
    found = re.search(rf'<section class="[^"]*" id="home-{name}".*?</section>', text, re.DOTALL)
    assert found, name
    return found[0]


def grave(title: str, **more: object) -> Incident:
    return incident(title, impact=1, effect=1, urgency=1, **more)


def calm(title: str) -> Incident:
    return incident(title, impact=2, effect=2, urgency=2)


def test_the_first_page_says_what_is_mine_what_is_nobodys_and_what_comes_first() -> None:
    chief = world.actor("mori", "commander")
    world.person("abe", "responder")
    mine, theirs, waits, _free = (calm(one) for one in ("My mail", "Their disk", "Parts", "Free worm"))
    actions.assign(by=chief, ref=mine.ref, owner="mori")
    actions.assign(by=chief, ref=theirs.ref, owner="abe")
    actions.assign(by=chief, ref=waits.ref, owner="abe")
    actions.wait(by=chief, ref=waits.ref, waiting="supplier", reason="parts")
    actions.add_task(by=chief, ref=theirs.ref, title="Call the supplier", owner="mori")
    desk = browser("mori")
    text = page(desk.get("/"))
    assert "My mail" in panel(text, "mine")
    assert "Their disk" not in panel(text, "mine")
    assert "Free worm" in panel(text, "free")
    for owned in ("My mail", "Their disk", "Parts"):
        assert owned not in panel(text, "free"), "it has an owner"
    assert "Their disk" in panel(text, "busy")
    assert "Parts" not in panel(text, "busy"), "who waits works on nothing"
    assert "Parts" in panel(text, "waiting")
    for going in ("My mail", "Their disk", "Free worm"):
        assert going not in panel(text, "waiting"), "it waits for nobody"
    assert "Call the supplier" in panel(text, "tasks")
    assert "Free worm" not in panel(text, "step")
    assert "My mail" in panel(text, "step")
    assert "data-urgent" not in text, "what does not burn may wait for who reads"

    burning = grave("Everything is encrypted")
    text = page(desk.get("/"))
    assert burning.priority == 1
    assert "Critical, and nobody has it" in panel(text, "step")
    assert 'id="home-step" data-panel data-urgent' in text


def _lines(text: str, name: str) -> list[str]:
    """What a panel says line by line, without its tags."""
    return [
        html.unescape(" ".join(re.sub(r"<[^>]+>", " ", one).split()))
        for one in re.findall(r"<li[^>]*>(.*?)</li>", panel(text, name))
    ]


def test_the_first_page_says_who_is_on_what_right_now_by_the_gravest_they_have() -> None:
    chief = world.actor("mori", "commander")
    for name in ("abe", "ito", "ueda", "gone"):
        world.person(name, "responder")
    for owner, made in (
        ("abe", calm("Abe's mail")),
        ("abe", grave("Abe's ransom note")),
        ("abe", calm("Abe's disk")),
        ("ito", calm("Ito's phishing")),
        ("ueda", calm("Ueda's supplier")),
        ("gone", calm("What gone had finished")),
    ):
        actions.assign(by=chief, ref=made.ref, owner=owner)
    supplier = Incident.objects.get(title="Ueda's supplier")
    actions.wait(by=chief, ref=supplier.ref, waiting="supplier", reason="parts")
    over = Incident.objects.get(title="What gone had finished")
    reason = {"resolution": "done", "record_class": "event", "override_reason": "a test"}
    actions.close(by=chief, ref=over.ref, **reason)
    desk = browser("mori")
    abe, ito = _lines(page(desk.get("/")), "busy")
    assert "P1" in abe
    assert abe.endswith("Abe Abe's ransom note · others: 2")
    assert ito.endswith("Ito Ito's phishing")
    actions.assign(by=chief, ref=Incident.objects.get(title="Ito's phishing").ref, owner="ueda")
    now = _lines(page(desk.get("/")), "busy")
    assert len(now) == 2
    assert now[1].endswith("Ueda Ito's phishing"), "whoever has it now, and whoever has nothing is not named"


def test_the_first_page_says_who_is_on_call_now_and_who_is_next_and_when() -> None:
    duty.rota(*duty.responders("mori", "abe"))
    desk = browser("ito", "responder")
    (now,) = _lines(page(desk.get("/")), "oncall")
    assert now.startswith("Mori Night then Abe 28 Nov")
    world.clock.fast_forward(timedelta(days=7))
    (now,) = _lines(page(browser("ito").get("/")), "oncall")
    assert now.startswith("Abe Night then Mori 5 Dec")


def test_the_first_page_says_whose_time_has_run_out_and_names_nothing_that_has_time_left() -> None:

    promised(minutes=60, always_to=5, kinds=("phishing",))
    late = incident("An hour was promised", kind="phishing")
    incident("Nothing was promised")
    engine()
    world.clock.fast_forward(timedelta(minutes=90))
    incident("Promised just now", kind="phishing")
    engine()
    (line,) = _lines(page(browser("abe", "responder").get("/")), "overdue")
    assert late.ref in line
    assert "An hour was promised" in line


def test_nobody_is_on_anything_where_nothing_open_has_an_owner_and_it_is_said() -> None:
    grave("Nobody's yet")
    assert "Nobody works on an open incident right now." in panel(page(browser("mori", "responder").get("/")), "busy")


def test_whoever_is_being_called_reads_that_first_until_somebody_has_answered() -> None:
    calling.policy(calling.step(calling.reachable("mori", "responder")))
    rings = incident("The mail server rings", by="chief")
    calling.reacts()
    calling.works()
    grave("Worse, but it calls nobody", by="chief")
    desk, other = browser("mori"), browser("abe", "responder")
    assert "You are being called about this" in panel(page(desk.get("/")), "step")
    assert "The mail server rings" in panel(page(desk.get("/")), "step")
    assert "You are being called" not in page(other.get("/"))
    other.post(f"/incidents/{rings.ref}/answer-call")
    assert "You are being called" not in page(desk.get("/"))


def test_a_decision_that_waits_for_the_reader_comes_first_and_nobody_elses_does() -> None:
    chief, made = world.actor("mori", "commander"), calm("Leaked list")
    boss, other = browser("boss", "manager"), browser("other", "manager")
    assert "Nothing waits for you right now." in panel(page(boss.get("/")), "step")
    person = str(world.person("boss").uuid)
    asked = actions.ask_decision(
        by=chief, ref=made.ref, question="Tell the customers today?", options=["yes", "no"], of=person
    )
    first = panel(page(boss.get("/")), "step")
    assert "This decision waits for you." in first
    assert "Tell the customers today?" in first
    assert f'href="/incidents/{made.ref}/decide/{asked.uuid}"' in first
    assert "Tell the customers today?" not in panel(page(other.get("/")), "step"), "it was put to somebody else"
    assert "Tell the customers today?" not in page(browser("abe", "responder").get("/")), "who may not decide"
    actions.ask_decision(by=chief, ref=made.ref, question="Call the police?", options=["yes", "no"])
    assert "Call the police?" in panel(page(other.get("/")), "step")
    actions.decide(by=world.actor("boss"), ref=made.ref, decision=asked.uuid, choice=0, reason="law")
    assert "Tell the customers today?" not in panel(page(boss.get("/")), "step")


def test_who_only_reports_is_led_to_reporting_and_told_nothing_about_records_they_cannot_see() -> None:
    made = grave("Everything is encrypted")
    desk = browser("emma", "reporter")
    text = page(desk.get("/"))
    assert "Is something odd? Report it." in panel(text, "step")
    assert 'href="/report/"' in panel(text, "step")
    for untrue in ("Every open incident has an owner.", "Nothing waits for you", "Nobody works on", "No clock has run"):
        assert untrue not in text
    assert "You are part of no open incident." in page(desk.get("/incidents/"))
    assert 'href="/report/mine"' in page(desk.get("/incidents/"))
    assert "Nothing is burning." not in page(desk.get("/incidents/"))
    assert "You are part of no open incident." in page(desk.get("/board/"))
    actions.add_person(by=world.actor("mori", "commander"), ref=made.ref, person="emma", role="commander")
    assert "Everything is encrypted" in panel(page(desk.get("/")), "free")


def test_who_only_reports_is_led_to_the_question_the_desk_has_asked_them_until_it_is_answered() -> None:
    desk = browser("emma", "reporter")
    own = world.actor("emma", "reporter")
    actions.report(by=own, purpose=Purpose.ODD, what="A red window came up", nonce="a" * 20)
    assert "Log a call" not in page(desk.get("/"))
    assert "Is something odd? Report it." in panel(page(desk.get("/")), "step")
    own_report = Reporter.objects.get()
    ref = own_report.incident.ref
    actions.reply(by=world.actor("mori", "commander"), ref=ref, text="What was it called?", asks=True)
    asked = panel(page(desk.get("/")), "step")
    assert "The desk has asked you something" in asked
    assert "A red window came up" in asked
    assert f'href="/report/{own_report.uuid}/"' in asked
    question = Message.objects.get(asks=True)
    actions.write_to_desk(by=own, report=own_report.uuid, text="It was invoice.zip", question=question.uuid)
    assert "The desk has asked you" not in page(desk.get("/"))


def test_what_changed_is_what_changed_since_i_said_that_i_saw_it() -> None:
    chief = world.actor("mori", "commander")
    old, new = incident("Old"), incident("New")
    desk = browser("abe", "responder")
    assert "Old" in panel(page(desk.get("/")), "changed")
    world.clock.fast_forward(timedelta(minutes=1))
    assert desk.post("/seen").status_code == 302
    assert "Nothing has changed since." in panel(page(desk.get("/")), "changed")
    world.clock.fast_forward(timedelta(minutes=1))
    actions.note(by=chief, ref=new.ref, text="More of it")
    changed = panel(page(desk.get("/")), "changed")
    assert "New" in changed
    assert old.ref not in changed


def test_the_first_page_hides_what_a_list_hides() -> None:
    made = incident("Insider", by="owner")
    actions.restrict(by=world.actor("owner"), ref=made.ref, reason="names a colleague")
    for roles in (("administrator", "commander"), ("auditor",), ("reporter",)):
        text = page(browser(roles[0], *roles).get("/"))
        assert "Insider" not in text
        assert made.ref not in text
        assert f"/incidents/{made.ref}/" not in page(browser(roles[0]).get("/go/", {"q": made.ref}, headers=PANELS))
        assert browser(roles[0]).get("/go/", {"q": made.ref}).status_code == 200, "as for a number that never was"
    assert "Insider" in page(browser("owner").get("/"))


def test_the_first_page_asks_the_same_number_of_questions_however_much_there_is() -> None:
    desk = browser("mori", "commander")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page(desk.get("/"))
        return len(queries)

    def furnish(number: int) -> None:
        for place in range(number):
            made = incident(f"N{place}")
            owner = world.person(f"person{place % 4}", "responder").username
            actions.assign(by=world.actor("mori"), ref=made.ref, owner=("mori", owner, "")[place % 3])
            actions.add_task(by=world.actor("mori"), ref=made.ref, title="x", owner="mori")

    furnish(24)
    asked()
    few = asked()
    furnish(24)
    assert asked() == few


def test_a_number_alone_leads_to_its_record_and_letters_to_pages_and_filters() -> None:
    made = incident("Mail")
    desk = browser("mori", "commander")
    number = int(made.ref.rsplit("-", 1)[1])
    for typed in (str(number), f"#{number}", made.ref.lower(), "\uff11" if number == 1 else str(number)):
        assert desk.get("/go/", {"q": typed})["Location"] == f"/incidents/{made.ref}/", typed
    typing = page(desk.get("/go/", {"q": str(number)}, headers=PANELS))
    assert made.ref in typing, "nobody who is still typing is taken away"
    lists.save_filter(by=world.actor("mori"), name="Grave and free", filter="priority:to:2")
    text = page(desk.get("/go/", {"q": "grave FREE"}))
    assert "Grave and free" in text
    assert 'href="/search/?q=grave+FREE"' in text
    assert "/settings/synonyms/" not in page(desk.get("/go/", {"q": "words that mean"}))
    assert "/settings/synonyms/" in page(browser("kanri", "administrator").get("/go/", {"q": "words that mean"}))
    assert "Found: 1" in page(desk.get("/go/", {"q": "999999"}))


def test_a_new_desk_tells_whoever_sets_it_up_what_it_still_lacks_and_nobody_else() -> None:
    chief, desk = world.actor("hoshi", "administrator"), browser("hoshi")
    Person.objects.exclude(username="hoshi").update(is_active=False)
    text = panel(page(desk.get("/")), "opening")
    assert "Done" not in text
    assert 'href="/settings/people/"' in text
    assert "home-opening" not in page(browser("mori", "commander").get("/"))
    assert panel(page(desk.get("/")), "opening").count("Done") == 1, "mori is somebody"
    alert()
    assets.added(by=chief)
    assert "home-opening" not in page(desk.get("/"))
