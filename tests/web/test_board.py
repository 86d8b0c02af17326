"""The board: the list's records as cards, moved by the room's own acts."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident, Phase
from hikeshi.kernel.paging import EXACT_TO
from hikeshi.ledger.verify import verify
from hikeshi.lists.queries import CARDS
from hikeshi.lists.queries.board import OWN_CARDS, Column
from tests import world
from tests.web.desk import PANELS, browser, incident, page

BOARD = "/board/"


def cards(text: str, column: str) -> list[str]:
    """The titles in a column, in order."""
    inside = text.split(f'id="column-{column}"', 1)[1].split("</section>", 1)[0]
    return re.findall(r'class="title clip"[^>]*><bdi>(.*?)</bdi>', inside)


def count(text: str, column: str) -> str:
    inside = text.split(f'id="column-{column}"', 1)[1].split("</header>", 1)[0]
    found = re.search(r'class="count"[^>]*>([^<]*)<', inside)
    assert found
    return found[1].strip()


def at(desk: Client, ref: str) -> dict[str, str]:
    """What the card of a record says it was read as."""
    found = re.search(rf'data-card="{ref}" data-version="(\d+)"', page(desk.get(BOARD)))
    assert found
    return {"version": found[1]}


def test_a_card_stands_in_its_phase_and_a_dropped_one_asks_gate_and_version_as_the_room_does() -> None:
    made = incident("Worm", kind="malware")
    desk, other = browser("mori", "commander"), browser("abe", "responder")
    assert cards(page(desk.get(BOARD)), "detect") == ["Worm"]

    seen = at(desk, made.ref)
    path = f"{BOARD}{made.ref}/phase/contain"
    stopped = other.post(path, seen, headers=PANELS)
    assert stopped.status_code == 409, "a phase was passed over: the act's form says so and asks for a reason"
    assert 'name="override_reason"' in page(stopped, 409)
    assert cards(page(desk.get(BOARD)), "detect") == ["Worm"], "the card has gone back"

    done = desk.post(f"{BOARD}{made.ref}/phase/analyse", seen, headers={**PANELS, "HX-Current-URL": f"http://x{BOARD}"})
    assert (done.status_code, done["HX-Trigger"]) == (204, "hikeshi:changed")
    assert cards(page(desk.get(BOARD)), "analyse") == ["Worm"]
    late = other.post(path, {**seen, "override_reason": "at night"}, headers=PANELS)
    assert "Somebody saved this while you were writing" in page(late, 409), "of two at once one wins, the other is told"
    assert cards(page(desk.get(BOARD)), "analyse") == ["Worm"]


def test_without_a_script_a_card_and_a_column_are_chosen_and_the_act_asks_what_it_needs() -> None:
    made = incident("Worm", kind="malware")
    desk = browser("mori", "commander")
    mori = str(world.person("mori").uuid)
    kept = page(desk.get(BOARD, {"by": "owner", "q": "Worm"}))
    assert re.search(r'name="kept" value="[^"]*q=Worm', kept)
    said = {"ref": made.ref, "by": "owner", "to": mori, "kept": "q=Worm&by=owner&next=//evil.example"}
    asked = desk.get(f"{BOARD}move", said)
    assert asked.status_code == 302
    form = page(desk.get(asked["Location"]))
    assert f'<option value="{world.person("mori").uuid}" selected' in form
    back = desk.post(asked["Location"], {})["Location"]
    assert sorted(back.removeprefix(f"{BOARD}?").split("&")) == ["by=owner", "q=Worm"], "the board stays narrowed"
    assert cards(page(desk.get(BOARD, {"by": "owner"})), str(world.person("mori").uuid)) == ["Worm"]

    closing = f"{BOARD}{made.ref}/status/closed"
    assert 'name="resolution"' in page(desk.get(closing))
    assert page(desk.post(closing, {}), 422), "closed only with words"
    said = {"resolution": "Cleaned", "record_class": "incident", "override_reason": "small"}
    assert desk.post(closing, said).status_code == 302
    shown = page(desk.get(BOARD, {"by": "status"}))
    assert (cards(shown, "closed"), cards(shown, "open")) == (["Worm"], [])
    assert page(desk.get(f"{BOARD}{made.ref}/colour/red"), 404)
    assert page(desk.get(f"{BOARD}{made.ref}/phase/nowhere"), 404)
    assert desk.get(f"{BOARD}move", {"by": "owner"}).status_code == 302, "told to choose"


def test_a_card_or_column_that_can_be_none_is_not_there_and_no_page_fails_for_it() -> None:
    desk = browser("mori", "commander")
    for said in ({"ref": "a/b", "by": "phase", "to": "analyse"}, {"ref": "INC", "by": "x", "to": "../.."}):
        assert desk.get(f"{BOARD}move", said).status_code == 404


def test_the_board_is_narrowed_as_the_list_is_and_shows_nobody_what_is_not_theirs() -> None:
    incident("Mail", kind="phishing")
    hidden = incident("Insider", kind="malware")
    actions.restrict(by=world.actor("mori"), ref=hidden.ref, reason="need to know")
    desk, other, auditor = browser("mori", "commander"), browser("abe", "responder"), browser("aud", "auditor")
    assert sorted(cards(page(desk.get(BOARD)), "detect")) == ["Insider", "Mail"]
    for stranger in (other, auditor):
        text = page(stranger.get(BOARD))
        assert (cards(text, "detect"), count(text, "detect")) == (["Mail"], "1")
        assert page(stranger.get(f"{BOARD}{hidden.ref}/phase/contain"), 404)
    assert "data-card" not in page(auditor.get(BOARD)), "who may not work drags nothing"
    assert cards(page(desk.get(BOARD, {"filter": "kind:is:malware"})), "detect") == ["Insider"]
    narrowed = page(desk.get(BOARD, {"q": "Mail", "by": "owner"}))
    assert cards(narrowed, "none") == ["Mail"]
    assert cards(page(browser("far", "reporter").get(BOARD)), "detect") == []


def test_a_column_holds_so_many_cards_names_the_rest_and_costs_the_same_whatever_there_is() -> None:
    first = incident("One", kind="phishing")
    desk = browser("mori", "commander")
    desk.get(BOARD)
    with CaptureQueriesContext(connection) as few:
        page(desk.get(BOARD))
    same = {name: getattr(first, name) for name in ("kind", "course", "phase", "organisation", "priority")}
    levels = {name: getattr(first, name) for name in ("impact", "effect", "urgency", "urgency_asked")}
    more = Incident.objects.bulk_create(
        Incident(ref=f"INC-2020-{n:04}", title=f"No {n}", opened_by="x", **same, **levels) for n in range(CARDS + 5)
    )
    Phase.objects.bulk_create(Phase(incident=one, code=one.phase, place=0, state="open") for one in more)
    with CaptureQueriesContext(connection) as many:
        text = page(desk.get(BOARD))
    assert len(cards(text, "detect")) == CARDS
    assert count(text, "detect") == str(CARDS + 6)
    rest = re.search(r'href="([^"]*)">6 more in the list', text)
    assert rest
    assert "No 3" in page(desk.get(rest[1].replace("&amp;", "&")))
    assert len(many) <= len(few)


def test_beyond_ten_thousand_open_records_the_board_stays_as_large_and_says_that_there_are_more() -> None:
    first = incident("One", kind="phishing")
    mori, kaku = world.person("mori", "commander"), world.person("kaku", "responder")
    same = {name: getattr(first, name) for name in ("kind", "course", "organisation", "priority")}
    levels = {name: getattr(first, name) for name in ("impact", "effect", "urgency", "urgency_asked")}
    desk = browser("mori", "commander")
    few = {by: questions(desk, by) for by in ("phase", "owner", "status")}

    def fill(many: int, phase: str, owner: Person | None, start: int) -> None:
        Incident.objects.bulk_create(
            Incident(
                ref=f"INC-2020-{start + n:06}", title="No", opened_by="x", phase=phase, owner=owner, **same, **levels
            )
            for n in range(many)
        )

    fill(EXACT_TO, "detect", None, 0)
    fill(CARDS + 3, "contain", kaku, 20_000)
    fill(2, "recover", mori, 30_000)
    text = page(desk.get(BOARD))
    for column in ("detect", "contain"):
        assert len(cards(text, column)) == CARDS
        assert count(text, column).endswith("+")
        assert "All of them in the list" in text.split(f'id="column-{column}"', 1)[1].split("</section>", 1)[0]
    assert (len(cards(text, "recover")), count(text, "recover")) == (2, "2"), "known whole, though not all were counted"
    owned = page(desk.get(BOARD, {"by": "owner"}))
    assert len(cards(owned, str(kaku.uuid))) == OWN_CARDS
    assert count(owned, "none") == f"{EXACT_TO:,}+"
    assert count(owned, str(kaku.uuid)).startswith("23 /"), "thousands of nobody's hide no owner"
    assert count(owned, str(mori.uuid)).startswith("2 /")
    status = page(desk.get(BOARD, {"by": "status"}))
    assert (len(cards(status, "open")), count(status, "open")) == (CARDS, f"{EXACT_TO:,}+")
    assert max(map(len, (text, owned, status))) < 400_000
    assert {by: questions(desk, by) for by in few} == few, "as many questions as with one record"


def questions(desk: Client, by: str) -> int:
    """How many the board asks the database, once it has asked what it keeps."""
    page(desk.get(BOARD, {"by": by}))
    with CaptureQueriesContext(connection) as asked:
        page(desk.get(BOARD, {"by": by}))
    return len(asked)


def test_a_column_of_which_not_all_were_counted_leads_to_the_list_though_it_shows_all_that_were() -> None:
    assert Column("detect", 1, exact=False, cards=(Incident(),)).rest
    assert not Column("detect", 1, exact=True, cards=(Incident(),)).rest


def test_who_leads_limits_a_column_and_one_that_holds_more_says_so() -> None:
    incident("One"), incident("Two")
    lead = browser("lead", "manager")
    assert lead.post(f"{BOARD}limits", {"detect": "1", "version": "0"}).status_code == 302
    text = page(lead.get(BOARD))
    assert "Over 1" in text
    assert count(text, "detect") == "2 / 1"
    late = page(lead.post(f"{BOARD}limits", {"detect": "5", "version": "0"}), 409)
    assert 'name="version" value="1"' in late
    assert page(lead.post(f"{BOARD}limits", {"detect": "0", "version": "1"}), 422)
    assert page(browser("abe", "responder").get(f"{BOARD}limits"), 403)
    assert lead.post(f"{BOARD}limits", {"version": "1"}).status_code == 302
    assert "Over 1" not in page(lead.get(BOARD))
    assert verify(state=True).findings == ()


def test_one_column_each_for_nobody_me_and_those_beside_me() -> None:
    mine, mate = world.person("mori", "commander"), world.person("abe", "responder")
    accounts.add_team(by=world.admin(), organisation=world.site().uuid, name="CSIRT", people=[mine.uuid, mate.uuid])
    made = incident("Worm")
    actions.assign(by=world.actor("mori"), ref=made.ref, owner="mori")
    incident("Free")
    text = page(browser("mori").get(BOARD, {"by": "owner"}))
    assert cards(text, "none") == ["Free"]
    assert cards(text, str(mine.uuid)) == ["Worm"]
    assert cards(text, str(mate.uuid)) == [], "a colleague with nothing can be given something"


def test_phases_that_are_one_word_are_one_column_in_the_order_of_any_other() -> None:
    """In IPA's words `detect` and `analyse` are one step."""
    by = world.actor("mori", "commander")
    made = [incident(f"No {number}", kind="phishing") for number in range(4)]
    for one in made[::2]:
        actions.move(by=by, ref=one.ref, phase="analyse", override_reason="test")
    for one, priority in zip(made, (2, 2, 5, 1), strict=True):
        Incident.objects.filter(pk=one.pk).update(priority=priority)
    desk = browser("mori")
    assert cards(page(desk.get(BOARD)), "detect") == ["No 3", "No 1"]
    desk.post("/preferences", {"reading": "ipa", "next": BOARD})
    text = page(desk.get(BOARD))
    assert (cards(text, "first"), count(text, "first")) == (["No 3", "No 0", "No 1", "No 2"], "4")


def test_a_board_narrowed_to_what_can_be_nothing_is_empty() -> None:
    incident("Worm")
    desk = browser("mori", "commander")
    for by in ("phase", "owner", "status"):
        assert "data-card" not in page(desk.get(BOARD, {"by": by, "filter": "owner:is:no-such-person"}))
