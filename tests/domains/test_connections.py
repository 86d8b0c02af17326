"""A row stands for a thing and not for one connection of it: it shows the first, and the bodies say each its own."""

import json

from hikeshi.intake import digesting, repeats
from hikeshi.intake.models import Alert
from tests.domains.test_intake_digest import body


def eve(number: int) -> dict[str, object]:
    return {
        "event_type": "alert",
        "timestamp": f"2026-11-20T03:0{number}:00.000000+0000",
        "flow_id": 700 + number,
        "community_id": f"1:{number}=",
        "src_ip": "203.0.113.7",
        "src_port": 50_000 + number,
        "dest_ip": "10.0.8.150",
        "dest_port": 22,
        "alert": {"gid": 1, "signature_id": 2001219, "signature": "ET POLICY SSH", "severity": 3},
    }


def test_the_next_connection_of_the_same_thing_counts_and_the_first_one_is_shown() -> None:
    repeats._recent = repeats.Recent()
    for number in range(4):
        digesting.digest([body("suricata", eve(number))])
    row = Alert.objects.get()
    assert row.count == 4
    assert row.normal["finding_info"]["uid"] == "700"
    assert row.normal["src_endpoint"] == {"ip": "203.0.113.7", "port": 50_000}
    newest = json.loads(bytes(row.bodies.latest("received_at", "slot").body))
    assert (newest["flow_id"], newest["src_port"]) == (703, 50_003)
    digesting.digest([body("suricata", {**eve(5), "dest_port": 3389})])
    row.refresh_from_db()
    assert (row.count, row.normal["dst_endpoint"]["port"]) == (5, 3389)
