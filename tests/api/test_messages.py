"""Messages by the API: the proof of each, restricted records left out, no secret of a channel, one's own rules."""

from hikeshi.accounts.models import Person
from hikeshi.incidents import actions as incidents
from hikeshi.ledger.verify import verify
from hikeshi.notify import actions, links
from hikeshi.notify.actions.pushing import prepare_push
from hikeshi.notify.messages import Purpose
from hikeshi.notify.models import Channel
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


def test_a_channel_is_set_up_changed_and_forgotten_by_a_program_and_no_secret_ever_comes_back() -> None:
    keeper = program(world.person("keeper", "administrator"))
    empty = body(keeper.get("channels/mail"))
    assert (empty["state"], empty["version"]) == ("missing", 0)
    asked = {one["name"]: one for one in empty["settings"]}
    assert (asked["password"]["secret"], asked["host"]["needed"], asked["port"]["default"]) == (True, True, "587")
    assert asked["security"]["choices"] == ["starttls", "tls", "none"]
    given = {"host": "mail.example.jp", "sender": "desk@example.jp", "username": "desk", "password": "hunter2hunter2"}
    made = keeper.put("channels/mail", {"settings": given, "per_minute": 30, "version": 0})
    kept = body(made)
    assert (kept["state"], kept["on"], kept["per_minute"], kept["version"]) == ("ready", True, 30, 1)
    told = {one["name"]: (one["value"], one["is_set"]) for one in kept["settings"]}
    assert (told["host"], told["password"]) == (("mail.example.jp", True), ("", True))
    shown = keeper.get("channels/mail")
    assert body(shown) == kept
    assert b"hunter2" not in made.content + shown.content + keeper.get("channels").content

    sealed = Channel.objects.get().sealed
    change = {"settings": {"username": "", "password": ""}, "on": False, "version": 1}
    changed = body(keeper.put("channels/mail", change))
    told = {one["name"]: (one["value"], one["is_set"]) for one in changed["settings"]}
    assert (changed["state"], told["username"], told["host"][0]) == ("off", ("", False), "mail.example.jp")
    assert Channel.objects.get().sealed == sealed, "a secret that is left empty stays"
    problem(keeper.put("channels/mail", {**change, "on": True}), 409, "conflict")
    problem(keeper.put("channels/mail", {"settings": {"hosst": "x"}}), 422, "invalid")
    problem(keeper.put("channels/mail", {"settings": {"security": "ssl"}}), 422, "invalid")
    problem(keeper.put("channels/fax", {}), 404, "not_found")

    others = (lambda one: one.get("channels/mail"), lambda one: one.put("channels/mail", {}))
    for number, step in enumerate((*others, lambda one: one.delete("channels/mail"))):
        problem(step(program(world.person(f"mori{number}", "commander"))), 403, "not_allowed")
    assert keeper.delete("channels/mail").status_code == 204
    assert not Channel.objects.exists()
    assert (body(keeper.get("channels/mail"))["state"], verify(state=True).findings) == ("missing", ())
    problem(keeper.delete("channels/mail"), 404, "not_found")


def test_what_runs_on_the_machine_is_not_written_by_a_program_and_keys_that_others_hold_are_not_thrown_away() -> None:
    keeper = program(world.person("keeper", "administrator"))
    problem(keeper.put("channels/phone", {"settings": {"command": "/bin/sh"}}), 422, "invalid")
    actions.set_channel(by=world.admin(), kind="phone", given={"command": "/usr/bin/call"})
    problem(keeper.put("channels/phone", {"settings": {"command": "/bin/sh"}}), 422, "invalid")
    same = body(keeper.put("channels/phone", {"settings": {"command": "/usr/bin/call"}, "per_minute": 5}))
    assert (same["per_minute"], same["settings"][0]["value"]) == (5, "/usr/bin/call")
    prepare_push(by=world.actor("mori"))
    problem(keeper.delete("channels/push"), 422, "invalid")
    assert [one["name"] for one in body(keeper.get("channels/push"))["settings"]] == ["contact"]


def test_hosts_inside_the_network_are_settled_by_a_program() -> None:
    keeper = program(world.person("keeper", "administrator"))
    assert body(keeper.get("channel-hosts")) == {"hosts": [], "window": 20, "version": 0}
    wanted = {"hosts": ["ntfy.example.jp", "192.0.2.10:8080"], "window": 30, "version": 0}
    assert body(keeper.put("channel-hosts", wanted)) == {**wanted, "version": 1}
    problem(keeper.put("channel-hosts", {**wanted, "hosts": []}), 409, "conflict")
    problem(keeper.put("channel-hosts", {"hosts": ["http://x"]}), 422, "invalid")
    problem(program(world.person("mori", "commander")).put("channel-hosts", wanted), 403, "not_allowed")


def test_one_s_own_rules_are_read_and_settled_over_what_was_read() -> None:
    mori = world.person("mori")
    caller, way, other = program(mori), phone.way(mori), phone.way(world.person("ito"))
    assert body(caller.get("call-rules")) == {"version": 0, "items": []}
    night = {"way": way, "least": 1, "begin": 1320, "end": 420, "after": 0, "repeat": 10}
    assert body(caller.put("call-rules", {"items": [night], "version": 0})) == {"version": 1, "items": [night]}
    problem(caller.put("call-rules", {"items": [], "version": 0}), 409, "conflict")
    problem(caller.put("call-rules", {"items": [{"way": other}], "version": 1}), 422, "invalid")
