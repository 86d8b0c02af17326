"""Messages by the API: the proof of each, restricted records left out, no secret of a channel, one's own rules."""

from hikeshi.accounts.models import Person
from hikeshi.incidents import actions as incidents
from hikeshi.notify import actions, links
from hikeshi.notify.messages import Purpose
from tests import phone, world
from tests.api.calling import body, problem, program
from tests.domains.incidents import opened
from tests.phone import Phone, queue, send


def test_a_message_is_shown_with_its_proof_and_an_answer() -> None:
    mori, ntfy = world.person("mori"), Phone()
    way = phone.way(mori)
    with phone.ringing(ntfy=ntfy):
        row = queue(mori)
        send()
    actions.answer(by=phone.DESK, token=links.token(row.deliveries.get().uuid), choice="here")
    reader = program(Person.objects.get(username="admin"))
    listed = body(reader.get("messages?course=answered&purpose=canary"))
    assert [one["uuid"] for one in listed["items"]] == [str(row.uuid)]
    one = body(reader.get(f"messages/{row.uuid}"))
    delivery = one["deliveries"][0]
    assert (one["to"], one["answer"], delivery["way"]) == (f"person:{mori.uuid}", "here", way)
    assert [(each["result"], each["provider_id"], each["status"]) for each in delivery["tries"]] == [
        ("sent", "taken-1", 200)
    ]
    assert [(each["choice"], each["door"]) for each in delivery["answers"]] == [("here", "link")]
    problem(reader.get("messages?course=nowhere"), 422, "invalid")
    problem(program(mori).get("messages"), 403, "not_allowed")


def test_what_speaks_of_a_restricted_record_is_not_there() -> None:
    keeper, mori = world.actor("keeper", "commander"), world.person("mori")
    incident = opened(by=keeper)
    subject = f"incident:{incident.uuid}"
    hidden = queue(mori, "hidden", purpose=Purpose.REMINDER, subject=subject)
    shown = queue(mori, "shown")
    incidents.restrict(by=keeper, ref=incident.ref, reason="personal")
    reader = program(Person.objects.get(username="admin"))
    listed = body(reader.get("messages"))
    assert ([one["uuid"] for one in listed["items"]], listed["total"]) == ([str(shown.uuid)], 1)
    missing = reader.get("messages/01890000-0000-7000-8000-000000000000")
    assert reader.get(f"messages/{hidden.uuid}").content == missing.content


def test_channels_show_no_secret_and_a_test_call_goes_to_a_way_of_one_s_own() -> None:
    admin = Person.objects.get(username="admin") if world.admin() else None
    assert admin is not None
    given = {"host": "mail.example.jp", "sender": "desk@example.jp", "password": "hunter2hunter2"}
    actions.set_channel(by=world.admin(), kind="mail", given=given)
    reader, way = program(admin), phone.way(admin)
    answer = reader.get("channels")
    assert b"hunter2" not in answer.content
    assert {one["kind"]: one["state"] for one in body(answer)["items"]}["mail"] == "ready"
    made = body(reader.post("channels/try", {"way": way}))
    assert body(reader.get(f"messages/{made['message']}"))["purpose"] == "canary"
    problem(program(world.person("mori")).post("channels/try", {"way": way}), 403, "not_allowed")


def test_one_s_own_rules_are_read_and_settled_over_what_was_read() -> None:
    mori = world.person("mori")
    caller, way, other = program(mori), phone.way(mori), phone.way(world.person("ito"))
    assert body(caller.get("call-rules")) == {"version": 0, "items": []}
    night = {"way": way, "least": 1, "begin": 1320, "end": 420, "after": 0, "repeat": 10}
    assert body(caller.put("call-rules", {"items": [night], "version": 0})) == {"version": 1, "items": [night]}
    problem(caller.put("call-rules", {"items": [], "version": 0}), 409, "conflict")
    problem(caller.put("call-rules", {"items": [{"way": other}], "version": 1}), 422, "invalid")
