"""Merging and parting through the pages: what would happen is read before it is done, and found again afterwards."""

from hikeshi.incidents import actions
from hikeshi.incidents.models import Incident
from tests import world
from tests.web import desk
from tests.web.desk import page


def test_a_merge_is_read_first_then_done_then_taken_back() -> None:
    client = desk.browser("mori", "commander")
    other, into = desk.incident("Share is gone"), desk.incident("Server is encrypted")
    actions.add_task(by=world.actor("mori"), ref=other.ref, title="Isolate")
    path = f"/incidents/{other.ref}/merge"
    assert "Merge into another incident" in page(client.get(f"/incidents/{other.ref}/"))
    wrong = page(client.post(path, {"into": "INC-1999-0001", "reason": ""}), 422)
    assert "There is no such incident" in wrong
    assert "INC-1999-0001" in wrong, "what was typed is kept"
    said = page(client.post(path, {"into": into.ref.lower(), "reason": "Same server"}))
    assert "Open ones that go over: 1." in said
    assert f"{into.ref} goes on." in said
    assert not Incident.objects.get(pk=other.pk).merged_into_id, "looking merges nothing"
    shown = said.split('name="shown" value="')[1].split('"')[0]
    actions.set_priority(by=world.actor("mori"), ref=other.ref, priority=1, reason="x")
    actions.set_priority(by=world.actor("mori"), ref=into.ref, priority=4, reason="x")
    sent = {"into": into.ref, "reason": "Same server", "shown": shown}
    again = page(client.post(path, sent), 409)
    assert "rises from priority 4 to 1" in again
    client.post(path, {**sent, "shown": again.split('name="shown" value="')[1].split('"')[0]})
    merged = page(client.get(f"/incidents/{other.ref}/"))
    assert "Work goes on here:" in merged
    assert into.ref in merged
    assert "Isolate" in page(client.get(f"/incidents/{into.ref}/"))
    assert other.ref in page(client.get(f"/incidents/{into.ref}/"))
    assert "This was merged into another incident" in page(
        client.post(f"/incidents/{other.ref}/note", {"text": "x"}), 422
    )
    back = page(client.get(f"/incidents/{other.ref}/unmerge"))
    assert "Go back as they are now: 1." in back
    client.post(f"/incidents/{other.ref}/unmerge", {"reason": "Two things"})
    assert "Isolate" in page(client.get(f"/incidents/{other.ref}/"))
    assert "Work goes on here:" not in page(client.get(f"/incidents/{other.ref}/"))
