"""Phases in the words of IPA, SANS, NIST or ITIL: chosen once, spoken by the room, the list and its filter."""

from hikeshi.accounts import actions as accounts
from hikeshi.accounts.models import Person
from hikeshi.incidents import actions
from hikeshi.incidents import queries as incidents
from tests import world
from tests.api import calling
from tests.web import desk


def test_whoever_chooses_ipa_reads_room_list_and_filter_in_its_three_steps() -> None:
    record = desk.incident("Files are encrypted")
    client = desk.browser("mori", "responder")
    before = desk.page(client.get(f"/incidents/{record.ref}/"))
    assert "Detection and first response" not in before

    client.post("/preferences", {"reading": "ipa", "next": f"/incidents/{record.ref}/"})

    room = desk.page(client.get(f"/incidents/{record.ref}/"))
    assert "Detection and first response" in room
    assert "Recovery and prevention" in room
    listed = desk.page(client.get("/incidents/"))
    assert '<span class="badge act" title="Detect">Detection and first response</span>' in listed
    assert '<option value="first">Detection and first response</option>' in listed


def test_the_filter_finds_every_phase_a_word_stands_for() -> None:
    early, later = desk.incident("Early"), desk.incident("Later")
    by = world.actor("mori", "commander")
    for phase in ("analyse", "contain", "eradicate"):
        actions.move(by=by, ref=later.ref, phase=phase, override_reason="test")
    assert set(incidents.incidents(by, phase="first", reading="ipa")) == {early}
    assert set(incidents.incidents(by, phase="mend", reading="ipa")) == {later}
    assert set(incidents.incidents(by, phase="eradicate")) == {later}

    program = calling.program(world.person("mori", "commander"))
    found = calling.body(program.get("incidents?phase=respond&reading=nist"))
    assert [one["ref"] for one in found["items"]] == [later.ref]
    said = calling.problem(program.get("incidents?phase=contain&reading=nist"), 422, "invalid")
    assert said["fields"][0]["parameter"] == "phase"


def test_the_sites_reading_serves_whoever_has_not_chosen_and_yields_to_who_has() -> None:
    desk.incident("Files are encrypted")
    accounts.choose_site_reading(by=world.admin(), reading="sans")
    client = desk.browser("mori", "responder")
    assert "Identification" in desk.page(client.get("/incidents/"))
    client.post("/preferences", {"reading": "own", "next": "/incidents/"})
    assert "Identification" not in desk.page(client.get("/incidents/"))


def test_the_preferences_page_keeps_the_choice_with_the_rest() -> None:
    client = desk.browser("mori", "responder")
    values = {"language": "en", "time_zone": "Asia/Tokyo", "theme": "system", "reading": "itil"}
    assert client.post("/account/preferences", values).status_code == 302
    assert Person.objects.get(username="mori").reading == "itil"
    assert client.post("/account/preferences", {**values, "reading": "nobody's"}).status_code == 422
    assert Person.objects.get(username="mori").reading == "itil"
