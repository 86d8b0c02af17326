"""What numbers a connection is of one sighting: who tells of the next connection of the same thing repeats it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from hikeshi.intake import repeats
from hikeshi.intake.sources import book, syslog_lines
from hikeshi.intake.sources.looking import Place, reads
from hikeshi.intake.sources.mapping import BadMapping, Document
from hikeshi.intake.sources.unwrapping import Wrapped

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)

SHAPE: dict[str, object] = {
    "name": "alert",
    "identity": ["sid", "flow.src"],
    "severity": "'low'",
    "normal": {"finding_info.title": "sid", "finding_info.uid": "flow.id", "src_endpoint.port": "flow.port"},
}
SOURCE: dict[str, object] = {
    "source": "x",
    "name": "X",
    "vendor": "X",
    "version": 1,
    "documentation": "https://example.com",
    "reads": "x",
}
BODY: Document = {"sid": "1", "flow": {"src": "192.0.2.1", "id": 7, "port": 50_001}}


def shape(**more: object) -> book.Shape:
    (found,) = book.built({**SOURCE, "shapes": [{**SHAPE, **more}]}).shapes
    return found


def test_what_is_said_once_is_shown_and_tells_no_alert_from_another() -> None:
    plain, once = shape(), shape(once=["flow.id", "flow.port"])
    assert once.normal(BODY, None) == plain.normal(BODY, None)
    other: Document = {"sid": "1", "flow": {"src": "192.0.2.1", "id": 8, "port": 50_002}}
    assert plain.told(BODY) != plain.told(other)
    assert once.told(BODY) == once.told(other)
    elsewhere: Document = {"sid": "1", "flow": {"src": "192.0.2.2", "id": 7, "port": 50_001}}
    assert once.told(BODY) != once.told(elsewhere)


@pytest.mark.parametrize("wrong", ["sid", "flow", "flow.src", "flow.bytes"])
def test_what_settles_which_thing_it_is_or_is_never_shown_cannot_be_said_once(wrong: str) -> None:
    with pytest.raises(BadMapping):
        shape(once=[wrong])


def test_what_lies_in_what_is_shown_whole_can_be_said_once_and_the_rest_of_it_is_told() -> None:
    found = shape(
        unmapped={"flow": "flow"}, identity=["sid"], once=["flow.id", "flow.port"], times={"first": "flow.at"}
    )
    assert not found.repeats  # the whole shows the time
    found = shape(
        unmapped={"flow": "flow"},
        identity=["sid"],
        once=["flow.id", "flow.port", "flow.at"],
        times={"first": "flow.at"},
    )
    assert found.repeats
    other: Document = {"sid": "1", "flow": {"src": "192.0.2.1", "id": 8, "port": 50_002, "at": "2026-11-21T10:00:00Z"}}
    assert found.told(BODY) == found.told(other) == {"sid": "1", "flow": {"src": "192.0.2.1"}}
    elsewhere: Document = {"sid": "1", "flow": {"src": "192.0.2.1", "id": 7, "port": 50_001, "bytes": 1}}
    assert found.told(BODY) != found.told(elsewhere)


@pytest.mark.parametrize(
    ("code", "moved"),
    [
        ("suricata", {"flow_id": 2, "src_port": 50_002, "community_id": "1:x", "client_port": 1}),
        ("snort", {"src_port": 50_002}),
        ("zeek", {"uid": "C2", "id.orig_p": 50_002}),
    ],
)
def test_sensors_that_number_each_connection_repeat_themselves(code: str, moved: Document) -> None:
    first = book.source(code).shapes[0]
    assert first.told({}) == first.told(moved)
    assert len(first.once) == len(moved)


def clients_ports() -> Iterator[tuple[str, str, frozenset[Place], frozenset[Place]]]:
    """Source and shape, where they look for the port of who opened the connection, and what they show once."""
    for file in sorted(book.FOLDER.glob("*/source.yaml")):
        for written, made in zip(shapes_of(file), book.source(file.parent.name).shapes, strict=False):
            port = written["normal"].get("src_endpoint.port")
            if port is not None:
                yield file.parent.name, made.name, reads(port).inside, made.once


def shapes_of(file: Path) -> list[dict[str, dict[str, object]]]:
    found: list[dict[str, dict[str, object]]] = yaml.safe_load(file.read_text(encoding="utf-8"))["shapes"]
    return found


IN_A_LIST = {("networkConnections",), ("evidences",)}
"""Of several connections, nobody is the first."""
OF_THE_SERVER = {("server_port",)}


def test_the_port_of_who_opened_a_connection_makes_no_repeat_new() -> None:
    found = list(clients_ports())
    assert {"suricata", "fortigate", "syslog", "sonicwall", "wazuh"} <= {code for code, _, _, _ in found}
    assert not [
        (code, name, missed)
        for code, name, places, once in found
        if (missed := places - once - IN_A_LIST - OF_THE_SERVER)
    ]


FORTIGATE = (
    'date=2026-11-20 time=12:00:0{n} devname="fw1" devid="FG1" eventtime=176369760{n} logid="0419016384" type="utm" '
    'subtype="ips" eventtype="signature" level="alert" severity="high" srcip=203.0.113.7 srcport={port} dstip=10.0.0.5 '
    'dstport={to} attack="Log4j" attackid=51006 msg="applications: Log4j" sessionid={n}'
)
SONICWALL = (
    'id=firewall sn=0017C5 time="2026-11-20 03:00:0{n} UTC" fw=192.0.2.1 pri=1 c=32 m=82 msg="Possible port scan" '
    'n={n} src="203.0.113.7:{port}:X1" dst="10.0.0.5:{to}:X0"'
)
CEF = (
    "CEF:0|Maker|Guard|1.0|100|Bad thing|8|src=203.0.113.7 spt={port} dst=10.0.0.5 dpt={to} externalId={n} "
    "rt=176369760{n}000"
)
LEEF = (
    "LEEF:2.0|Maker|Guard|1.0|100|^|devTime=2026-11-20T03:00:0{n}Z^src=203.0.113.7^srcPort={port}^dst=10.0.0.5^"
    "dstPort={to}^sev=8"
)
PAIRS = (
    "date=2026-11-20 time=12:00:0{n} type=utm subtype=virus srcip=203.0.113.7 src_port={port} dstip=10.0.0.5 "
    "dstport={to} session_id={n} virus=EICAR"
)
SSHD = "<38>Nov 20 03:00:0{n} web1 sshd[70{n}]: Failed password for root from 203.0.113.7 port {port} ssh2 to {to}"
ASA = (
    "<164>Nov 20 2026 03:00:0{n} fw1 : %ASA-4-106023: Deny tcp src outside:203.0.113.7/{port} dst inside:10.0.0.5/{to} "
    'by access-group "out" [0x0, 0x0]'
)
SNORT = (
    "<33>Nov 20 03:00:0{n} ids1 snort[{n}]: [1:2001219:20] ET SCAN SSH [Classification: Leak] [Priority: 2] {{TCP}} "
    "203.0.113.7:{port} -> 10.0.0.5:{to}"
)
ALERT = '"event_type":"alert","alert":{{"gid":1,"signature_id":7,"signature":"ET X","severity":1}},"flow_id":{n}'
TO_SERVER = "{{" + ALERT + ',"src_ip":"203.0.113.7","src_port":{port},"dest_ip":"10.0.0.5","dest_port":{to}}}'
TO_CLIENT = (
    "{{"
    + ALERT
    + ',"direction":"to_client","src_ip":"10.0.0.5","src_port":{to},"dest_ip":"203.0.113.7","dest_port":{port}}}'
)
BEFORE_7 = (
    "{{" + ALERT + ',"src_ip":"10.0.0.5","src_port":{to},"dest_ip":"203.0.113.7","dest_port":{port},"flow":{{'
    '"src_ip":"203.0.113.7","src_port":{port},"dest_ip":"10.0.0.5","dest_port":{to}}}}}'
)
RULE = (
    '{{"seconds":176369760{n},"rule":"1:7:1","msg":"ET X","action":"allow","priority":1,"proto":"TCP",'
    '"src_ap":"203.0.113.7:{port}","dst_ap":"10.0.0.5:{to}"}}'
)


def told(code: str, line: str, **values: int) -> repeats.Told:
    text = line.format(**values)
    document: Document = json.loads(text) if text.startswith("{") else {"syslog": text, "peer": "192.0.2.7"}
    return repeats.read(book.source(code), Wrapped(document, None), AT, (), (1, "real"))


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("fortigate", FORTIGATE),
        ("sonicwall", SONICWALL),
        ("syslog", CEF),
        ("syslog", LEEF),
        ("syslog", PAIRS),
        ("syslog", SSHD),
        ("ciscoasa", ASA),
        ("snort", SNORT),
        ("suricata", TO_SERVER),
        ("suricata", TO_CLIENT),
        ("suricata", BEFORE_7),
    ],
)
def test_the_next_connection_says_nothing_new_and_another_port_of_the_server_does(code: str, line: str) -> None:
    repeats._recent = repeats.Recent()
    first = told(code, line, n=1, port=50_001, to=22)
    again = told(code, line, n=2, port=50_002, to=22)
    elsewhere = told(code, line, n=3, port=50_003, to=3389)
    assert first.said == again.said != elsewhere.said
    assert first.said
    assert first.fingerprint == again.fingerprint
    assert first.known is not None
    assert again.known is None  # was not read anew
    assert again.event.first >= first.event.first


def test_snorts_addresses_with_a_port_are_known_by_the_address() -> None:
    one, other = told("snort", RULE, n=1, port=50_001, to=80), told("snort", RULE, n=2, port=50_002, to=80)
    assert one.fingerprint == other.fingerprint
    assert one.finding.normal["src_endpoint"] == {"ip": "203.0.113.7"}


def test_what_went_to_the_client_shows_both_ports_where_they_belong() -> None:
    for line in (TO_CLIENT, BEFORE_7):
        normal = told("suricata", line, n=1, port=50_001, to=443).finding.normal
        assert normal["src_endpoint"] == {"ip": "10.0.0.5", "port": 443}
        assert normal["dst_endpoint"] == {"ip": "203.0.113.7", "port": 50_001}


@pytest.mark.parametrize(
    ("line", "steady"),
    [
        (
            "Accepted publickey for ops from 192.0.2.9 port 40022 ssh2",
            "Accepted publickey for ops from 192.0.2.9 port * ssh2",
        ),
        ("Deny src out:192.0.2.9/65535 dst in:10.0.0.5/443", "Deny src out:192.0.2.9/* dst in:10.0.0.5/443"),
        ("client 192.0.2.9#33000: query denied", "client 192.0.2.9#*: query denied"),
        ("refused connect from [2001:db8::1]:50000", "refused connect from [2001:db8::1]:*"),
        ("listening on port 8443, version 10.0.19045", "listening on port 8443, version 10.0.19045"),
        ("port 327680 and 192.0.2.9:70000 are none", "port 327680 and 192.0.2.9:70000 are none"),
        ("192.0.2.9:50000.5 s", "192.0.2.9:50000.5 s"),
    ],
)
def test_only_ports_that_systems_give_to_who_calls_are_no_words(line: str, steady: str) -> None:
    assert syslog_lines.read({"syslog": line})["steady"] == steady
