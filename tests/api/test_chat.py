"""Chat tools by the API: no secret is read back, ties end, rooms are asked for and closed by whoever works there."""

from hikeshi.accounts.models import Person
from hikeshi.incidents import actions as incidents
from hikeshi.rooms.models import Link, Room
from tests import chat, world
from tests.api.calling import body, problem, program
from tests.domains.incidents import opened


def test_tools_are_shown_without_their_secrets_and_a_tie_is_ended() -> None:
    row = chat.workspace(given={"bot_token": "xoxb-very-secret"})
    chat.known(row, world.person("mori", "responder"), "U1")
    keeper, mori = program(Person.objects.get(username="admin")), program(world.person("mori"))
    shown = keeper.get("chat-tools")
    assert "xoxb-very-secret" not in shown.content.decode()
    assert chat.KEY not in shown.content.decode()
    assert [(one["uuid"], one["maker"], one["people"]) for one in body(shown)["items"]] == [(str(row.uuid), "slack", 1)]
    problem(mori.get("chat-tools"), 403, "not_allowed")
    ties = body(keeper.get(f"chat-tools/{row.uuid}/ties"))["items"]
    assert [(one["name"], one["account"], one["confirmed"]) for one in ties] == [("Mori", "U1", True)]
    problem(program(world.person("ito")).ask("DELETE", f"chat-ties/{ties[0]['uuid']}"), 404, "not_found")
    assert mori.ask("DELETE", f"chat-ties/{ties[0]['uuid']}").status_code == 204
    assert not Link.objects.exists()


def test_a_room_is_asked_for_and_closed_by_whoever_works_on_the_record() -> None:
    row = chat.workspace(given={"bot_token": "xoxb-1"})
    chief = world.actor("mori", "commander")
    incident = opened(by=chief)
    mori, rooms = program(world.person("mori")), f"incidents/{incident.ref}/chat-rooms"
    assert [(one["state"], one["can_make"]) for one in body(mori.get(rooms))["items"]] == [("none", True)]
    made = body(mori.post(f"{rooms}/{row.uuid}", None))
    assert (made["state"], made["tool"]) == ("making", str(row.uuid))
    assert body(mori.ask("DELETE", f"{rooms}/{row.uuid}"))["state"] == "closed"
    Room.objects.all().delete()
    problem(mori.ask("DELETE", f"{rooms}/{row.uuid}"), 404, "not_found")
    incidents.restrict(by=chief, ref=incident.ref, reason="personal")
    problem(program(Person.objects.get(username="admin")).get(rooms), 404, "not_found")
