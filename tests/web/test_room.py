"""The incident room: everything on one page, every act from it, nothing lost when two people write at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hikeshi.incidents import actions, queries
from hikeshi.incidents.codes import CostKind
from hikeshi.incidents.models import Incident
from hikeshi.kernel import clock
from hikeshi.rooms import sealed
from hikeshi.rooms.models import Room, Workspace
from hikeshi.web.room.acts import ACTS
from tests import world
from tests.web.desk import PANELS, alert, browser, incident, page

PART = {
    "move": "analyse",
    "finish": "detect",
    "skip": "recover",
    "confirm": "spread_stopped",
    "set-fact": "what",
    "set-moment": "occurred",
}


def room_of(desk: Client, made: Incident) -> str:
    return page(desk.get(f"/incidents/{made.ref}/"))


def act(desk: Client, made: Incident, name: str, **said: object) -> object:
    return desk.post(f"/incidents/{made.ref}/{name}", said)


def address(made: Incident, name: str) -> str:
    """The act with whatever part of the incident it concerns."""
    part = PART.get(name, "")
    if name.endswith("-task") and name != "add-task":
        part = str(made.tasks.get().uuid)
    if name in {"make-room", "close-room"}:
        secret = sealed.seal({"webhook": "https://x"})
        place, _ = Workspace.objects.get_or_create(name="Talk", maker="teams", on=True, defaults={"sealed": secret})
        part = str(place.uuid)
    if name in {"decide", "withdraw-decision"}:
        part = str(made.decisions.get().uuid)
    if name == "correct-cost":
        part = str(made.costs.get().uuid)
    if name == "remove-person":
        part = str(made.participants.first().uuid)
    if name == "remove-file":
        part = str(made.attachments.get().uuid)
    if name == "remove-link":
        part = str(made.links.get().uuid)
    return f"/incidents/{made.ref}/{name}" + (f"/{part}" if part else "")


def furnished(by: str = "mori") -> Incident:
    made, who = incident(by=by), world.actor(by, "commander")
    actions.add_task(by=who, ref=made.ref, title="Take the memory", due_at=clock.now() + timedelta(hours=1))
    actions.add_link(by=who, ref=made.ref, url="https://chat.example/room", title="Chat")
    actions.ask_decision(by=who, ref=made.ref, question="Cut off the branch?", options=["yes", "no"])
    actions.add_cost(by=who, ref=made.ref, kind=CostKind.OUTSIDE, amount=Decimal("1200000"))
    actions.note(by=who, ref=made.ref, text="**It began** at the mail gateway")
    actions.attach_file(by=who, ref=made.ref, name="memory.dmp", chunks=[b"MZ"])
    actions.attach_alerts(by=who, ref=made.ref, alerts=[alert("EDR: encryption", host="pc-7").uuid])
    return made


def test_the_room_answers_how_bad_who_what_next_and_since_when() -> None:
    made = furnished()
    actions.assign(by=world.actor("mori"), ref=made.ref, owner="mori")
    text = room_of(browser("mori", "commander"), made)
    for shown in (
        "Critical",
        "Ransomware",
        "Mori",
        "Take the memory",
        "Chat",
        "EDR: encryption",
        "pc-7",
        "Go on to Analyse",
    ):
        assert shown in text, shown
    assert "<strong>It began</strong>" in text
    assert 'aria-current="step"' in text
    assert "data-since=" in text


def test_a_fact_without_words_is_only_taken_as_unknown_and_the_form_says_so() -> None:
    made = incident()
    desk = browser("mori", "commander")
    refused = page(act(desk, made, "set-fact/what", value=" ", certainty="confirmed", version=0), 422)
    assert "Write what is known, or say that it is unknown." in refused
    assert act(desk, made, "set-fact/what", value="", certainty="unknown", version=0).status_code == 302


def test_the_room_shows_what_nobody_has_stated_yet() -> None:
    made = incident()
    desk = browser("mori", "commander")
    before = room_of(desk, made).count("Not stated")
    act(desk, made, "set-fact/what", value="Shared files", certainty="estimated", version=0)
    assert room_of(desk, made).count("Not stated") == before - 1
    assert "Estimated" in room_of(desk, made)


def test_the_room_asks_the_database_as_often_for_a_long_night_as_for_a_short_one() -> None:
    """And three times less where files, alerts and timeline fit their panels: then nothing is left to count."""
    made, who = furnished(), world.actor("mori")
    desk = browser("mori", "commander")
    room_of(desk, made)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            room_of(desk, made)
        return len(found)

    def fill(numbers: range) -> None:
        for number in numbers:
            actions.add_task(by=who, ref=made.ref, title=f"Task {number}", owner="mori")
            actions.note(by=who, ref=made.ref, text=f"Note {number}")
            actions.add_link(by=who, ref=made.ref, url=f"https://chat.example/{number}")
            world.person(f"helper{number}", "responder")
            actions.add_person(by=who, ref=made.ref, person=f"helper{number}", role="investigator")
            actions.attach_file(by=who, ref=made.ref, name=f"{number}.log", chunks=[b"x"])
            seen = alert(f"EDR {number}", host=f"pc-{number}", key=str(number))
            actions.attach_alerts(by=who, ref=made.ref, alerts=[seen.uuid])

    short = asked()
    fill(range(8))
    long = asked()
    fill(range(8, 16))
    assert asked() == long == short + 3
    assert long < 50


@pytest.mark.parametrize("name", sorted(ACTS))
def test_every_act_shows_its_form_to_who_may_and_its_absence_to_who_may_not_see(name: str) -> None:
    made = furnished("owner")
    actions.restrict(by=world.actor("owner"), ref=made.ref, reason="inside job")
    path = address(made, name)
    assert "<form" in page(browser("owner").get(path))
    stranger = browser("mori", "commander")
    assert stranger.get(path).status_code == 404
    assert stranger.post(path, {"reason": "x", "text": "x", "title": "x"}).status_code == 404


@pytest.mark.parametrize("name", ["note", "take", "close", "restrict"])
def test_who_may_only_look_changes_nothing(name: str) -> None:
    made = furnished()
    before = made.version
    said = {"text": "x", "resolution": "x", "record_class": "event", "reason": "x", "override_reason": "x"}
    reader = browser("auditor", "auditor")
    assert reader.post(address(made, name), said).status_code == 403
    assert address(made, name) not in room_of(reader, made)
    assert Incident.objects.get(pk=made.pk).version == before + 7


def test_acts_work_without_scripts_and_with_them() -> None:
    made = incident()
    desk = browser("mori", "commander")
    plain = act(desk, made, "take")
    assert (plain.status_code, plain["Location"]) == (302, f"/incidents/{made.ref}/")
    here = {**PANELS, "HX-Current-URL": f"http://testserver/incidents/{made.ref}/"}
    inside = desk.post(f"/incidents/{made.ref}/note", {"text": "seen"}, headers=here)
    assert (inside.status_code, inside["HX-Trigger"]) == (204, "hikeshi:changed")
    elsewhere = {**PANELS, "HX-Current-URL": "http://testserver/alerts/"}
    assert (
        desk.post(f"/incidents/{made.ref}/note", {"text": "x"}, headers=elsewhere)["HX-Redirect"] == plain["Location"]
    )


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() -> None:
    made = incident()
    desk = browser("mori", "commander")
    text = page(act(desk, made, "close", resolution="Cleaned up", record_class="nonsense"), 422)
    assert "Cleaned up" in text
    assert 'aria-invalid="true"' in text
    assert "javascript:alert(1)" in page(act(desk, made, "add-link", url="javascript:alert(1)"), 422)


def test_a_gate_lists_what_is_missing_and_lets_pass_with_a_reason_that_stays() -> None:
    made = incident()
    desk = browser("mori", "commander")
    assert act(desk, made, "move/analyse", phase="analyse").status_code == 302
    assert act(desk, made, "move/contain", phase="contain").status_code == 302
    asked = page(act(desk, made, "move/eradicate", phase="eradicate"), 409)
    for missing in ("Somebody owns it", "The harm no longer spreads", "Evidence (logs, memory, disk) was taken"):
        assert missing in asked
    assert 'name="override_reason"' in asked
    assert "optional" not in asked[asked.index("Go on all the same, because") : asked.index('name="override_reason"')]
    unsaid = page(act(desk, made, "move/eradicate", phase="eradicate", override_reason=" "), 409)
    assert "This field is required." in unsaid
    said = {"phase": "eradicate", "override_reason": "the disk is dying"}
    assert desk.post(f"/incidents/{made.ref}/move/eradicate", said).status_code == 302
    assert "the disk is dying" in room_of(desk, made)


def test_two_people_save_at_once_and_both_texts_are_shown() -> None:
    made = incident("Files are encrypted")
    mine, yours = browser("mori", "commander"), browser("sato", "commander")
    version = made.version
    assert act(yours, made, "edit", title="Saved first", description="", version=version).status_code == 302
    clash = page(act(mine, made, "edit", title="Typed meanwhile", description="", version=version), 409)
    assert "Saved first" in clash
    assert "Typed meanwhile" in clash
    newer = Incident.objects.get(pk=made.pk).version
    assert f'name="version" value="{newer}"' in clash
    assert act(mine, made, "edit", title="Both together", description="", version=newer).status_code == 302
    assert "Both together" in room_of(mine, made)


def test_two_people_fill_the_same_gap_and_neither_text_is_lost() -> None:
    made = incident()
    mine, yours = browser("mori", "commander"), browser("sato", "commander")
    act(yours, made, "set-fact/what", value="41,000 files", certainty="confirmed", version=0)
    clash = page(act(mine, made, "set-fact/what", value="the file server", certainty="confirmed", version=0), 409)
    assert "41,000 files" in clash
    assert "the file server" in clash


def test_a_time_is_entered_in_the_readers_zone_and_its_old_value_stays() -> None:
    made = incident()
    desk = browser("mori", "commander")
    act(desk, made, "set-moment/occurred", at="2026-11-01T08:41", estimated="on", reason="")
    act(desk, made, "set-moment/occurred", at="2026-11-01T08:30", reason="the log says so")
    stands = made.moments.get(kind="occurred", superseded_at__isnull=True)
    assert stands.at.isoformat() == "2026-10-31T23:30:00+00:00"
    text = room_of(desk, made)
    assert "<s><time" in text
    assert "the log says so" in text


def test_a_task_keeps_its_due_time_when_somebody_takes_it() -> None:
    made = furnished()
    task = made.tasks.get()
    act(browser("mori", "commander"), made, f"take-task/{task.uuid}")
    after = made.tasks.get()
    assert after.owner is not None
    assert after.due_at == task.due_at


def test_a_note_can_do_nothing_but_be_read() -> None:
    made = incident()
    hostile = "<script>x</script> [go](javascript:alert(1)) ![see](https://evil.example/p.png) [ok](https://ipa.go.jp)"
    actions.note(by=world.actor("mori", "commander"), ref=made.ref, text=hostile)
    text = room_of(browser("mori"), made).split('id="timeline"', 1)[1]
    assert "<script" not in text
    assert "<img" not in text
    assert 'href="javascript' not in text
    assert '<a href="https://ipa.go.jp" rel="noopener noreferrer nofollow">' in text


def test_the_timeline_is_narrowed_to_people_and_to_decisions() -> None:
    made = incident()
    desk = browser("mori", "commander")
    act(desk, made, "note", text="a plain remark")
    act(desk, made, "classify", record_class="accident", reason="data of customers")
    assert "a plain remark" in room_of(desk, made)
    decided = page(desk.get(f"/incidents/{made.ref}/?only=decisions"))
    assert "a plain remark" not in decided
    assert "data of customers" in decided
    assert page(desk.get(f"/incidents/{made.ref}/?only=nonsense"))


def test_a_long_timeline_is_read_to_its_beginning() -> None:
    made = incident()
    who = world.actor("mori", "commander")
    for number in range(40):
        actions.note(by=who, ref=made.ref, text=f"remark {number} ends")
    desk = browser("mori")
    assert "remark 0 ends" not in room_of(desk, made)
    assert "remark 0 ends" in page(desk.get(f"/incidents/{made.ref}/timeline"))


def test_an_incident_is_carried_from_its_beginning_to_its_closed_record_on_these_pages() -> None:
    desk = browser("mori", "commander")
    said = {"title": "Ransom note on the file server", "kind": "ransomware", "impact": 1, "effect": 1, "urgency": 1}
    where = desk.post("/incidents/new", {**said, "record_class": "incident"})["Location"]
    made = Incident.objects.get()
    assert where == f"/incidents/{made.ref}/"
    act(desk, made, "take")
    for phase in ("analyse", "contain", "eradicate", "recover"):
        for gate in ("spread_stopped", "evidence_taken", "cause_removed"):
            act(desk, made, f"confirm/{gate}")
            act(browser("sato", "commander"), made, f"confirm/{gate}")
        assert act(desk, made, f"move/{phase}", phase=phase).status_code == 302, phase
    act(desk, made, "confirm/recovery_checked")
    assert act(desk, made, "finish/recover").status_code == 302
    act(desk, made, "move/report", phase="report")
    act(desk, made, "finish/report")
    assert act(desk, made, "close", resolution="Restored from backup", record_class="incident").status_code == 302
    assert "Closed" in room_of(desk, made)
    assert act(desk, made, "reopen", reason="it came back").status_code == 302
    assert queries.incident(world.actor("mori"), made.ref).reopened == 1


def test_a_record_says_where_it_has_a_chat_room_and_whoever_works_on_it_opens_one() -> None:
    made = furnished()
    desk, place = browser("mori", "commander"), address(made, "make-room")
    assert place in room_of(desk, made)
    assert place not in room_of(browser("auditor", "auditor"), made)
    assert act(desk, made, place.partition(f"{made.ref}/")[2]).status_code == 302
    shown = room_of(desk, made)
    assert "Being made" in shown
    assert "Asked for a chat room: Microsoft Teams." in shown
    Room.objects.update(state="failed", trouble="no_people")
    shown = room_of(desk, made)
    assert place in shown
    assert "is known there" in shown
    Room.objects.update(state="open", place="C1", url="https://talk.example/C1")
    assert 'href="https://talk.example/C1"' in room_of(desk, made)
    assert act(desk, made, address(made, "close-room").partition(f"{made.ref}/")[2]).status_code == 302


def test_the_people_are_counted_with_their_owner() -> None:
    desk, made = browser("mori", "commander"), incident()

    def shown() -> tuple[str, int]:
        panel = room_of(desk, made).split('id="people"')[1].split("</section>")[0]
        return panel.split('class="count">')[1].split("<")[0], panel.count('class="role"')

    assert shown() == ("1", 2), "who opened it; another line says that nobody owns it"
    by = world.actor("mori", "commander")
    for name in ("sato", "ito"):
        world.actor(name, "responder")
    actions.assign(by=by, ref=made.ref, owner="sato")
    assert shown() == ("2", 2)
    actions.add_person(by=by, ref=made.ref, person="ito", role="scribe")
    assert shown() == ("3", 3)
