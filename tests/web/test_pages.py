"""What holds for every page: who gets it, what may run on it, in whose words and zone it speaks."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident
from hikeshi.intake.models import Parked
from hikeshi.kernel import clock, topics
from tests import world
from tests.web.desk import PANELS, alert, browser, deliver, incident, page

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
LISTS = ("/incidents/", "/incidents/?status=all", "/alerts/", "/alerts/?stand=all", "/incidents/new")


def without_keys(text: str) -> str:
    """Apart from the form keys, which differ each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text)


class _Running(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in {"style", "iframe", "object", "embed"} or (tag == "script" and not given.get("src")):
            self.found.append(tag)
        acting = [
            name for name, value in attrs if name.startswith("on") or name == "style" or "javascript:" in (value or "")
        ]
        self.found += acting


def running_code(text: str) -> list[str]:
    parser = _Running()
    parser.feed(text)
    return parser.found


@pytest.mark.parametrize("path", [*LISTS, "/", "/incidents/INC-2026-0001/", "/topics", "/incidents/break-glass"])
def test_a_stranger_is_sent_to_the_sign_in_page_and_back_here_afterwards(path: str) -> None:
    sent = Client().get(path)
    assert sent.status_code == 302
    assert unquote(sent["Location"]) == f"/sign-in/?next={path}"


def test_a_part_of_a_page_asked_for_after_the_session_ended_leads_to_signing_in_not_to_a_page_inside_the_page() -> None:
    answer = Client().get("/incidents/", headers={**PANELS, "HX-Current-URL": "http://desk/incidents/INC-2026-0001/"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, "/sign-in/?next=/incidents/INC-2026-0001/")


def test_no_page_holds_anything_that_the_policy_against_inline_code_would_have_to_allow() -> None:
    made = incident(HOSTILE, description=HOSTILE)
    seen = alert(HOSTILE, host=HOSTILE)
    desk = browser("mori", "commander")
    acts = [f"/incidents/{made.ref}/{act}" for act in ("priority", "close", "move/contain", "set-fact/what", "assign")]
    for path in (*LISTS, f"/incidents/{made.ref}/", *acts, f"/alerts/{seen.uuid}/", f"/alerts/{seen.uuid}/raw"):
        answer = desk.get(path)
        text = page(answer)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert running_code(text) == [], path


def test_whatever_people_and_machines_write_is_shown_as_they_wrote_it() -> None:
    made = incident(HOSTILE)
    actions.note(by=world.actor("mori"), ref=made.ref, text=HOSTILE)
    actions.add_task(by=world.actor("mori"), ref=made.ref, title=HOSTILE)
    actions.set_fact(by=world.actor("mori"), ref=made.ref, key="what", value=HOSTILE)
    text = page(browser("mori", "commander").get(f"/incidents/{made.ref}/"))
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_writing_that_turns_round_stays_in_its_place_and_shows_what_turns_it() -> None:
    made = incident("invoice \u202egnp.exe")
    text = page(browser("mori", "commander").get("/incidents/"))
    assert "<bdi>invoice [U+202E]gnp.exe</bdi>" in text
    assert "\u202e" not in page(browser("mori").get(f"/incidents/{made.ref}/")).split("<main", 1)[1]


def test_a_title_of_ten_thousand_characters_is_clipped_where_it_is_shown() -> None:
    seen = alert("長" * 10_000)
    text = page(browser("mori", "responder").get("/alerts/?stand=all"))
    assert re.search(rf'class="title clip" id="alert-{seen.uuid}" href="/alerts/{seen.uuid}/"', text)
    assert "長" * 501 not in text


@pytest.mark.parametrize(
    "path", ["/incidents/INC-2026-9999/", "/incidents/INC-2026-9999/close", "/alerts/x/", "/nowhere"]
)
def test_what_is_not_there_is_a_page_in_the_readers_words(path: str) -> None:
    shown = page(browser("mori", "commander").get(path), 404)
    assert "There is nothing here for you" in shown
    assert '<a class="button main" href="/">Home</a>' in shown


def test_a_restricted_incident_looks_to_a_stranger_like_one_that_never_was() -> None:
    made = incident(by="owner")
    actions.restrict(by=world.actor("owner"), ref=made.ref, reason="inside job")
    desk = browser("mori", "commander", "administrator")
    hidden = page(desk.get(f"/incidents/{made.ref}/"), 404)
    never = page(desk.get("/incidents/INC-2026-9999/"), 404)
    assert without_keys(hidden).replace(made.ref, "") == without_keys(never).replace("INC-2026-9999", "")
    assert made.ref not in page(desk.get("/incidents/?status=all"))
    assert made.ref in page(browser("owner").get("/incidents/"))


def test_breaking_the_glass_opens_it_with_a_reason_that_its_people_read() -> None:
    made = incident(by="owner")
    actions.restrict(by=world.actor("owner"), ref=made.ref, reason="inside job")
    desk = browser("mori", "commander")
    assert desk.post("/incidents/break-glass", {"ref": made.ref, "reason": ""}).status_code == 422
    opened = desk.post("/incidents/break-glass", {"ref": made.ref, "reason": "the owner is on a plane"})
    assert opened["Location"] == f"/incidents/{made.ref}/"
    page(desk.get(opened["Location"]))
    assert "the owner is on a plane" in page(browser("owner").get(f"/incidents/{made.ref}/"))
    assert browser("tanaka", "responder").get("/incidents/break-glass").status_code == 403


def test_not_allowed_says_that_and_no_more() -> None:
    made = incident()
    text = page(browser("auditor", "auditor").post(f"/incidents/{made.ref}/take"), 403)
    assert "You are not allowed to do this" in text
    assert "incidents.work" not in text


def test_pages_speak_the_language_and_keep_the_clock_of_their_reader() -> None:
    incident()
    english = browser("mori", "commander")
    assert '<html lang="en"' in page(english.get("/incidents/"))
    english.post("/preferences", {"language": "ja", "next": "/incidents/"})
    assert '<html lang="ja"' in page(english.get("/incidents/"))
    assert "JST" in page(english.get("/incidents/"))
    person = world.person("mori")
    person.time_zone = "America/New_York"
    person.save(update_fields=["time_zone"])
    assert re.search(r"E[SD]T \(UTC-[45]\)", page(english.get("/incidents/")))


def test_the_switches_keep_what_was_chosen_and_lead_nowhere_else() -> None:
    desk = browser("mori", "responder")
    sent = desk.post("/preferences", {"theme": "dark", "next": "//evil.example/"})
    assert sent["Location"] == "/"
    assert 'data-theme="dark"' in page(desk.get("/incidents/"))
    before = Client()
    before.post("/preferences", {"theme": "dark", "language": "en", "next": "/sign-in/"})
    assert 'data-theme="dark"' in page(before.get("/sign-in/"))
    desk.post("/preferences", {"density": "close", "next": "/incidents/"})
    shown = page(desk.get("/incidents/"))
    assert 'data-density="close"' in shown
    assert 'data-theme="dark"' in shown, "one switch leaves the others as they are"
    assert "data-density" not in page(browser("mori").get("/incidents/")), "a screen's own, not its reader's"
    desk.post("/preferences", {"density": "roomy", "next": "/incidents/"})
    assert "data-density" not in page(desk.get("/incidents/"))


def test_a_page_may_only_listen_to_what_its_reader_sees() -> None:
    open_, hidden = incident(by="mori"), incident(by="owner")
    actions.restrict(by=world.actor("owner"), ref=hidden.ref, reason="inside job")
    desk = browser("mori", "responder")
    wanted = ["incidents", "parked", open_.subject, hidden.subject, "incident:x", "anything"]
    answer = desk.get("/topics", {"topic": wanted}).json()
    session = desk.cookies[settings.SESSION_COOKIE_NAME].value
    grant = topics.read(answer["token"], session=session, secret=settings.SECRET_KEY, now=clock.now())
    assert grant is not None
    assert grant.topics == {"incidents", open_.subject}


@pytest.mark.parametrize(("age", "seconds"), [("7", 7), ("9999", 0), ("999", 60), ("-1", 0), ("x", 0)])
def test_a_page_is_told_what_changed_while_it_was_on_its_way(age: str, seconds: int) -> None:
    """It was made before it listens: its token reaches back, a minute at most."""
    desk = browser("mori", "responder")
    answer = desk.get("/topics", {"topic": ["incidents"], "age": age}).json()
    session = desk.cookies[settings.SESSION_COOKIE_NAME].value
    grant = topics.read(answer["token"], session=session, secret=settings.SECRET_KEY, now=clock.now())
    assert grant is not None
    assert seconds <= (clock.now() - grant.issued_at).total_seconds() < seconds + 3


@pytest.mark.parametrize("path", ["/incidents/", "/alerts/?stand=all"])
def test_lists_ask_the_database_as_often_for_many_rows_as_for_one(path: str) -> None:
    desk = browser("mori", "commander")

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            page(desk.get(path))
        return len(asked)

    incident(), alert("first")
    first = queries()
    for number in range(6):
        made = incident(f"another {number}")
        actions.assign(by=world.actor("mori"), ref=made.ref, owner="mori")
        alert(f"another {number}", key=str(number))
    assert queries() == first


def test_a_list_longer_than_ten_thousand_says_so_instead_of_counting_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(51):  # what fits one page needs no counting
        incident(f"number {number}")
    monkeypatch.setattr("hikeshi.kernel.paging.EXACT_TO", 50)
    assert "More than 50" in page(browser("mori", "commander").get("/incidents/"))


def test_lists_are_narrowed_by_their_address_and_forgive_what_they_do_not_know() -> None:
    incident("Disk full", kind="service_outage", impact=3, effect=3, urgency=3)
    incident("Ransom note")
    desk = browser("mori", "commander")
    assert "Disk full" not in page(desk.get("/incidents/?kind=ransomware"))
    assert "Disk full" not in page(desk.get("/incidents/?q=note"))
    assert "No incident matches" in page(desk.get("/incidents/?owner=me"))
    assert "Ransom note" in page(desk.get("/incidents/?kind=nonsense&priority=x&phase=zzz"))
    assert page(desk.get("/incidents/?cursor=nonsense"), 422)


def test_a_part_of_a_page_is_its_panels_without_the_frame() -> None:
    incident("Ransom note")
    text = page(browser("mori", "commander").get("/incidents/", headers=PANELS))
    assert "Ransom note" in text
    assert "<html" not in text


def test_the_form_of_a_new_record_sent_twice_opens_one_and_with_other_words_another() -> None:
    desk = browser("mori", "responder")
    shown = page(desk.get("/incidents/new"))
    stamp = re.search(r'name="stamp" value="([^"]{20,})"', shown)
    place = re.search(r'name="organisation".*?<option value="([0-9a-f-]{36})"', shown, re.DOTALL)
    assert stamp is not None
    said = {"title": "Mail is down", "kind": "service_outage", "impact": "2", "effect": "2", "urgency": "2"}
    said |= {"stamp": stamp[1], "organisation": place[1] if place else ""}
    first, again = desk.post("/incidents/new", said), desk.post("/incidents/new", said)
    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    assert Incident.objects.count() == 1
    desk.post("/incidents/new", {**said, "title": "The web is down too"})
    assert Incident.objects.count() == 2


def test_an_incident_is_opened_from_the_alerts_somebody_chose() -> None:
    chosen, other = alert("Odd log-in", host="pc-7"), alert("Odd process", host="pc-7", key="2")
    desk = browser("mori", "responder")
    form = page(desk.get("/alerts/open", {"alert": [str(chosen.uuid), str(other.uuid), "nonsense"]}))
    assert 'value="Odd log-in"' in form
    said = {
        "title": "Odd things on pc-7",
        "kind": "malware",
        "impact": 3,
        "effect": 2,
        "urgency": 2,
        "record_class": "",
    }
    made = desk.post(f"/alerts/open?alert={chosen.uuid}&alert={other.uuid}", said)
    room = page(desk.get(made["Location"]))
    assert "Odd log-in" in room
    assert "Odd process" in room
    assert made["Location"] in page(desk.get(f"/alerts/{chosen.uuid}/"))


def test_alerts_are_attached_to_an_incident_by_its_number() -> None:
    made, seen = incident(), alert("Odd log-in")
    desk = browser("mori", "responder")
    assert "not here" in page(desk.post(f"/alerts/attach?alert={seen.uuid}", {"ref": "INC-2026-9999"}), 422)
    assert desk.post(f"/alerts/attach?alert={seen.uuid}", {"ref": made.ref})["Location"] == f"/incidents/{made.ref}/"
    assert "Odd log-in" in page(desk.get(f"/incidents/{made.ref}/"))


def test_a_verdict_is_corrected_with_a_reason() -> None:
    seen = alert("Scanner")
    desk = browser("mori", "responder")
    assert desk.post(f"/alerts/{seen.uuid}/correct", {"verdict": "drop", "reason": ""}).status_code == 422
    desk.post(f"/alerts/{seen.uuid}/correct", {"verdict": "drop", "reason": "our own scanner"})
    assert "our own scanner" in page(desk.get("/alerts/?stand=noise"))
    assert "Scanner" not in page(desk.get("/alerts/"))


def test_a_body_is_shown_as_text_with_nothing_hidden_in_it() -> None:
    seen = alert("bell \u0007 and \u202eturned", note="<b>bold</b>")
    answer = browser("mori", "responder").get(f"/alerts/{seen.uuid}/raw")
    text = page(answer)
    assert answer["Content-Type"].startswith("text/html")
    assert "&lt;b&gt;bold&lt;/b&gt;" in text
    assert "\u202e" not in text


def test_what_could_not_be_read_waits_for_those_who_manage_intake() -> None:
    deliver(json.dumps({"no": "title"}).encode())
    row = Parked.objects.get()
    desk = browser("boss", "administrator")
    assert str(row.uuid) in page(desk.get("/alerts/parked/"))
    assert "It still cannot be read" in page(desk.post(f"/alerts/parked/{row.uuid}/replay", follow=True))
    assert browser("mori", "responder").get("/alerts/parked/").status_code == 403
    assert browser("mori").post(f"/alerts/parked/{row.uuid}/dismiss").status_code == 403
    desk.post(f"/alerts/parked/{Parked.objects.get().uuid}/dismiss")
    assert not Parked.objects.exists()


def _code_of(text: str, caplog: pytest.LogCaptureFixture) -> str:
    """What the page shows, which the log has once, with what happened."""
    found = re.search(r"<code>([0-9a-f]{8})</code>", text)
    assert found
    [told] = [one for one in caplog.records if found[1] in one.getMessage()]
    assert "secret detail" in str(told.exc_info)
    return found[1]


def test_a_page_that_breaks_says_what_is_safe_and_gives_a_code_to_quote(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    desk = browser("mori", "responder")
    desk.raise_request_exception = False
    monkeypatch.setattr("hikeshi.web.filters.listing.incidents.incidents", broken)
    answer = desk.get("/incidents/?q=worm")
    text = page(answer, 500)
    assert _code_of(text, caplog) == answer.headers["Hikeshi-Code"]
    assert "secret detail" not in text
    assert "nothing was changed" in text
    assert 'href="/incidents/?q=worm"' in text


def test_an_act_that_breaks_does_not_say_that_nothing_was_done_and_leads_back_to_where_it_was_typed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It may have been: what breaks after the commit breaks too late."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    made = incident()
    desk = browser("mori", "responder")
    desk.raise_request_exception = False
    monkeypatch.setattr("hikeshi.incidents.actions.assign", broken)
    came = {"Referer": f"http://testserver/incidents/{made.ref}/"}
    text = page(desk.post(f"/incidents/{made.ref}/take", headers=came), 500)
    assert _code_of(text, caplog)
    assert "It is not certain that your last step was done" in text
    assert f'href="/incidents/{made.ref}/"' in text


def test_what_fails_before_any_page_runs_has_its_code_in_the_log_too(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    desk = browser("mori", "responder")
    desk.raise_request_exception = False
    monkeypatch.setattr("hikeshi.web.middleware.incidents.in_use", broken)
    assert _code_of(page(desk.get("/incidents/"), 500), caplog)


def test_the_page_for_when_the_desk_is_away_says_nothing_of_it_and_obeys_the_policy() -> None:
    """Browsers keep it, on machines of many too."""
    incident("Worm")
    for reader in (browser("mori", "commander"), Client()):
        answer = reader.get("/away", headers={"Accept-Language": "en"})
        text = page(answer)
        assert "The desk cannot be reached" in text
        assert not re.search(r"Worm|INC-|mori|Mori|[0-9]{2,4}-[0-9]{3,4}|csrf|<style|onclick|href=\"https?:", text)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]


def test_a_form_that_did_not_come_from_this_desk_changes_nothing() -> None:
    made = incident()
    desk = browser("mori", "commander")
    desk.handler.enforce_csrf_checks = True
    assert "This form is too old" in page(desk.post(f"/incidents/{made.ref}/take"), 403)
    made.refresh_from_db()
    assert made.owner is None


def test_every_place_of_the_shell_is_offered_once_and_only_to_who_may_open_it() -> None:
    def places(desk: Client) -> list[str]:
        shell = page(desk.get("/incidents/")).split('id="places"', 1)[1].split("</nav>", 1)[0]
        return re.findall(r'data-key="go-(\w+)"', shell)

    every = [
        "home",
        "incidents",
        "alerts",
        "rules",
        "oncall",
        "load",
        "figures",
        "assets",
        "contacts",
        "outages",
        "answers",
        "report",
        "settings",
    ]
    assert places(browser("boss", "administrator")) == every
    assert places(browser("mori", "reporter")) == ["home", "incidents", "report"]
