"""The list of incidents: put together without a script, kept, shared, arranged."""

import re
from html import unescape

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions as accounts
from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from hikeshi.lists import actions as lists
from hikeshi.lists.models import SavedFilter
from tests import world
from tests.web.desk import browser, incident, page

LIST = "/incidents/"


def rows(text: str) -> list[str]:
    """Titles and headings, in order."""
    found = re.findall(r'<tr class="heading"><th[^>]*>(.*?) <span|class="title clip"[^>]*>(.*?)</a>', text)
    return [re.sub("<.*?>", "", heading or title) for heading, title in found]


def follow() -> None:
    while lists.follow(clock.now()):
        pass


def test_a_filter_is_put_together_by_plain_selects_kept_and_opened_by_the_team() -> None:
    mail, worm = incident("Mail", kind="phishing"), incident("Worm", kind="malware")
    actions.move(by=world.actor("mori"), ref=worm.ref, phase="contain", override_reason="at night")
    desk = browser("mori", "commander")
    colleague = world.person("abe", "responder")
    team = [world.person("mori").uuid, colleague.uuid]
    accounts.add_team(by=world.admin(), organisation=world.site().uuid, name="CSIRT", people=team)
    follow()

    first = page(desk.get("/incidents/filter", {"add": "1", "new": "kind:is", "newjoin": "or"}))
    assert 'name="row0" value="kind:is"' in first
    unfinished = desk.get("/incidents/filter", {"row0": "kind:is", "show": "1"})
    assert "Choose or write a value." in page(unfinished, 422)
    chosen = {"row0": "kind:is", "value0": ["phishing"], "join0": "or", "row1": "phase:was", "join1": "or"}
    more = {"value1": ["contain"], "period1": "7d"}
    assert 'value="phishing" checked' in page(desk.get("/incidents/filter", {**chosen, "add": "1", "new": "left:over"}))
    shown = desk.get("/incidents/filter", {**chosen, **more, "show": "1"})
    assert shown.status_code == 302
    text = page(desk.get(shown["Location"]))
    assert sorted(rows(text)) == ["Mail", "Worm"]
    assert re.search(r"Kind: Phishing[^<;]*; or: Phase was [^<;]+ in the last 7 days", unescape(text))

    keep = page(desk.get("/incidents/filters/new", {"filter": "kind:is:phishing"}))
    assert 'value="kind:is:phishing"' in keep
    team_uuid = re.search(r'<option value="([0-9a-f-]{36})">CSIRT', keep)
    assert team_uuid
    said = {"name": "Ours", "audience": "team", "team": team_uuid[1], "filter": "kind:is:phishing", "group": "kind"}
    kept = desk.post("/incidents/filters/new", {**said, "columns": ["owner", "left", "organisation"]})
    assert kept.status_code == 302, page(kept, 422)
    opened = page(browser("abe").get(kept["Location"]))
    assert rows(opened)[1:] == ["Mail"], "with its heading above"
    assert "Time left" in opened
    assert "Last change</th>" not in opened
    assert mail.ref in opened
    assert page(browser("stranger", "responder").get(kept["Location"]), 404)


def test_a_filter_that_cannot_be_asked_shows_nothing_and_says_why() -> None:
    incident("Mail")
    desk = browser("mori", "commander")
    for text in ("colour:is:red", "kind:is:weather", "kind:is:" + "x" * 3000):
        answer = desk.get(LIST, {"filter": text})
        assert rows(page(answer, 422)) == [], text
    assert "This part of the filter is not known: &lt;b&gt;" in page(desk.get(LIST, {"filter": "<b>:is:x"}), 422)


def test_somebody_elses_change_to_a_shared_filter_is_not_overwritten() -> None:
    desk = browser("chief", "manager")
    said = {"name": "Grave", "audience": "everyone", "filter": "priority:to:2"}
    desk.post("/incidents/filters/new", said)
    saved = SavedFilter.objects.get()
    path = f"/incidents/filters/{saved.uuid}/"
    assert desk.post(path, {"name": "Gravest", "filter": "priority:to:1", "version": "1"}).status_code == 302
    other = browser("deputy", "manager")
    assert "Gravest" in page(other.post(path, {"name": "Worst", "filter": "priority:to:3", "version": "1"}), 409)
    assert other.post(f"{path}versions/1", {}).status_code == 302
    assert "Grave" in page(other.get("/incidents/filters/"))
    assert browser("mori", "responder").get(path).status_code == 403
    assert other.post(f"{path}remove", {}).status_code == 302
    assert "No filter is kept yet." in page(desk.get("/incidents/filters/"))


def test_each_person_has_their_own_columns_order_and_headings() -> None:
    first, second = incident("First", kind="malware"), incident("Second", kind="phishing")
    actions.assign(by=world.actor("mori"), ref=first.ref, owner="mori")
    desk = browser("mori", "commander")
    assert rows(page(desk.get(LIST, {"order": "oldest"}))) == ["First", "Second"]
    assert rows(page(desk.get(LIST, {"group": "owner"}))) == ["Nobody", "Second", "Mori", "First"]
    desk.post("/incidents/looks", {"columns": ["kind"], "order": "newest", "group": "owner"})
    text = page(desk.get(LIST))
    assert rows(text) == ["Nobody", "Second", "Mori", "First"]
    assert "<th>Owner</th>" not in text
    assert rows(page(browser("abe", "commander").get(LIST, {"order": "newest"}))) == ["Second", "First"]
    assert second.ref in text


def test_headings_go_on_over_the_pages() -> None:
    for number in range(60):
        incident(f"N{number:02}", kind="malware" if number % 2 else "phishing")
    desk = browser("mori", "commander")
    text = page(desk.get(LIST, {"group": "kind"}))
    seen = rows(text)
    following = re.search(r'href="(\?[^"]*cursor=[^"]+)"', text)
    assert following
    seen += rows(page(desk.get(LIST + unescape(following[1]))))
    assert len([one for one in seen if re.fullmatch(r"N\d\d", one)]) == 60
    assert len({one for one in seen if re.fullmatch(r"N\d\d", one)}) == 60


def asked(client: Client, path: str) -> int:
    page(client.get(path))
    with CaptureQueriesContext(connection) as queries:
        page(client.get(path))
    return len(queries)


def test_the_number_of_queries_does_not_grow_with_what_is_listed_or_kept() -> None:
    desk = browser("mori", "commander")
    path = f"{LIST}?group=owner&filter=owner:is:me,none;phase:was:detect;title:has:a"
    shelf = "/incidents/filters/"
    incident("a1")
    lists.save_filter(by=world.actor("mori"), name="0", filter="owner:is:me")
    follow()
    few = asked(desk, path), asked(desk, shelf)
    for number in range(5):
        made = incident(f"a{number}")
        owner = world.person(f"person{number}", "responder")
        actions.assign(by=world.actor("mori"), ref=made.ref, owner=owner.username)
        lists.save_filter(by=world.actor("mori"), name=f"f{number}", filter=f"owner:is:{owner.uuid}")
    follow()
    assert (asked(desk, path), asked(desk, shelf)) == (few[0], few[1] + 1), "the names of people are one query"


def test_several_are_changed_after_a_look_and_each_gets_back_what_it_had() -> None:
    chief = world.actor("mori", "commander")
    world.person("abe", "responder")
    first, second, closed = incident("First"), incident("Second"), incident("Closed")
    actions.assign(by=chief, ref=first.ref, owner="mori")
    actions.close(by=chief, ref=closed.ref, resolution="x", record_class="event", override_reason="night")
    desk = browser("mori")
    assert "Choose one record at least." in page(desk.get("/incidents/change", follow=True))
    form = page(desk.get("/incidents/change", {"all": "1", "status": "all"}))
    assert form.count('name="ref"') == 3
    picked = {"ref": [first.ref, second.ref, closed.ref], "deed": "owner"}
    assert "Choose somebody." in page(desk.post("/incidents/change", {**picked, "do": "sure"}), 422)
    abe = re.search(r'<option value="([0-9a-f-]{36})">Abe', form)
    assert abe
    said = {**picked, "owner": abe[1]}
    before = Entry.objects.count()
    looked = page(desk.post("/incidents/change", {**said, "do": "look"}))
    assert looked.count("Is changed") == 3 - looked.count(">Refused<")
    assert Entry.objects.count() == before, "a look leaves nothing behind"
    assert owners(first.ref, second.ref) == ["mori", ""]

    made = desk.post("/incidents/change", {**said, "do": "sure"})
    assert owners(first.ref, second.ref) == ["abe", "abe"]
    assert "Take it all back" in page(desk.get(made["Location"]))
    assert browser("other", "commander").get(made["Location"]).status_code == 404, "it is theirs to take back"
    actions.assign(by=chief, ref=second.ref, owner="mori")
    undone = page(desk.post(f"{made['Location']}undo", follow=True))
    assert owners(first.ref, second.ref) == ["mori", "mori"]
    assert "Left: somebody has gone on since" in undone
    assert "Given back" in undone
    assert desk.post(f"{made['Location']}undo").status_code == 422
    assert verify(state=True).findings == ()


def test_what_somebody_changed_since_the_look_is_left_as_it_is_and_says_why() -> None:
    chief, abe = world.actor("mori", "commander"), world.person("abe", "responder")
    taken, free = incident("Taken meanwhile"), incident("Still free")
    desk = browser("mori")
    said = {"ref": [taken.ref, free.ref], "deed": "owner", "owner": str(abe.uuid)}
    looked = page(desk.post("/incidents/change", {**said, "do": "look"}))
    seen = re.findall(r'name="seen" value="([^"]+)"', looked)
    assert len(seen) == 2
    actions.note(by=chief, ref=free.ref, text="A note is no reason")
    actions.assign(by=world.actor("sato", "responder"), ref=taken.ref, owner="sato")
    made = desk.post("/incidents/change", {**said, "seen": [*seen, "x", "y:-1"], "do": "sure"})
    assert owners(taken.ref, free.ref) == ["sato", "abe"], "whoever took it keeps it"
    told = page(desk.get(made["Location"]))
    assert "This says something else by now. Look at it again." in told
    assert "Changed: 1" in told
    desk.post(f"{made['Location']}undo")
    assert owners(taken.ref, free.ref) == ["sato", ""]


def owners(*refs: str) -> list[str]:
    found = {row.ref: row.owner.username if row.owner else "" for row in Incident.objects.filter(ref__in=refs)}
    return [found[ref] for ref in refs]


def test_priorities_changed_in_one_go_are_given_back_by_rule_or_by_hand_as_they_were() -> None:
    chief = world.actor("mori", "commander")
    ruled, by_hand = (
        incident("Ruled", impact=3, effect=3, urgency=3),
        incident("By hand", impact=3, effect=3, urgency=3),
    )
    actions.set_priority(by=chief, ref=by_hand.ref, priority=2, reason="the president's")
    before = {row.ref: (row.priority, row.priority_reason) for row in Incident.objects.all()}
    desk = browser("mori")
    said = {"ref": [ruled.ref, by_hand.ref], "deed": "priority", "impact": "1", "effect": "1", "urgency": "1"}
    made = desk.post("/incidents/change", {**said, "do": "sure"})
    assert {row.priority for row in Incident.objects.all()} == {1}
    desk.post(f"{made['Location']}undo")
    assert {row.ref: (row.priority, row.priority_reason) for row in Incident.objects.all()} == before
    note = desk.post("/incidents/change", {"ref": ruled.ref, "deed": "note", "text": "Seen by all", "do": "sure"})
    assert "Take it all back" not in page(desk.get(note["Location"]))
    assert "Seen by all" in page(desk.get(f"/incidents/{ruled.ref}/"))
