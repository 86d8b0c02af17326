"""What others found out, read from their files: STIX bundles, MISP events, lines, CISA's and MITRE's catalogues."""

import contextlib
import gzip
import io
import ipaddress
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.assets.intelligence import catalogues, reading, stix, values
from hikeshi.assets.intelligence.codes import Catalogue, Sort, Tlp
from hikeshi.assets.intelligence.reading import Form, survey, whole
from hikeshi.intake import enriching
from hikeshi.intake.enriching import reach_of
from hikeshi.kernel.refusals import Invalid

SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class Found(NamedTuple):
    indicators: list[values.Indicator]
    form: Form
    passed: int
    tlp: Tlp | None


def read(body: bytes) -> Found:
    """In pieces of any size the same; what a file says twice, once, the last time."""
    found = survey(whole(body))
    for size in (1, 7, 4096) if len(body) < 10_000 else ():
        assert survey(lambda size=size: in_pieces(body, size)) == found
    kept = {one.key: one for one in reading.values(lambda: in_pieces(body, 11), found.form)}
    return Found(list(kept.values()), found.form, found.passed, found.tlp)


def in_pieces(body: bytes, size: int) -> Iterator[bytes]:
    return (body[place : place + size] for place in range(0, len(body), size))


def refused(body: bytes, look: object = read) -> str:
    with pytest.raises(Invalid) as refusal:
        look(body)
    assert refusal.value.field == "file"
    return refusal.value.reason


def pairs(body: object) -> list[tuple[str, str]]:
    found = read(body if isinstance(body, bytes) else json.dumps(body).encode())
    return [(one.sort.value, one.value) for one in found.indicators]


def pattern(text: str, **more: object) -> dict[str, object]:
    return {"type": "indicator", "id": "indicator--1", "pattern": text, "pattern_type": "stix", **more}


def bundle(*objects: dict[str, object]) -> dict[str, object]:
    return {"type": "bundle", "id": "bundle--1", "objects": list(objects)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("[ipv4-addr:value = '198.51.100.7']", [("address", "198.51.100.7")]),
        ("[ipv4-addr:value = '198.51.100.0/24']", [("network", "198.51.100.0/24")]),
        ("[ipv6-addr:value='2001:DB8::1']", [("address", "2001:db8::1")]),
        ("[domain-name:value = 'Evil.Example']", [("domain", "evil.example")]),
        (f"[file:hashes.'SHA-256' = '{SHA256.upper()}']", [("hash", SHA256)]),
        (f"[file:hashes.\"SHA-256\" = '{SHA256}']", [("hash", SHA256)]),
        ("[url:value = 'http://evil.example/a?b=c\\'d']", [("url", "http://evil.example/a?b=c'd")]),
        (
            "[ipv4-addr:value = '192.0.2.1' OR domain-name:value = 'a.example'] OR [email-addr:value = 'x@a.example']",
            [("address", "192.0.2.1"), ("domain", "a.example"), ("sender", "x@a.example")],
        ),
        ("[ipv4-addr:value IN ('192.0.2.1', '192.0.2.2')]", [("address", "192.0.2.1"), ("address", "192.0.2.2")]),
    ],
)
def test_a_pattern_that_names_values_gives_them(text, found):
    assert pairs(bundle(pattern(text))) == found


@pytest.mark.parametrize(
    "text",
    [
        "[ipv4-addr:value = '192.0.2.1' AND domain-name:value = 'a.example']",
        "[ipv4-addr:value = '192.0.2.1'] FOLLOWEDBY [domain-name:value = 'a.example']",
        "[ipv4-addr:value != '192.0.2.1']",
        "[NOT ipv4-addr:value = '192.0.2.1']",
        "[domain-name:value LIKE '%.example']",
        "[ipv4-addr:value = '192.0.2.1'] WITHIN 5 SECONDS",
        "[process:name = 'mimikatz.exe']",
        "[ipv4-addr:value = '192.0.2.1",
        "",
        "[" * 5_000,
    ],
)
def test_a_pattern_that_asks_for_more_than_a_value_gives_none_and_is_counted(text):
    assert list(stix.values(text)) == []
    found = read(json.dumps(bundle(pattern(text), pattern("[ipv4-addr:value = '192.0.2.9']"))).encode())
    assert (len(found.indicators), found.passed) == (1, 1)


def test_a_bundle_says_until_when_how_sure_and_how_far_it_may_be_passed_on():
    red = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
    green = "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"
    sure = pattern(
        "[ipv4-addr:value = '192.0.2.1']",
        valid_until="2026-12-01T00:00:00Z",
        confidence=80,
        object_marking_refs=[green],
    )
    gone = pattern("[ipv4-addr:value = '192.0.2.2']", revoked=True)
    odd = pattern("[ipv4-addr:value = '192.0.2.3']", valid_until="soon", confidence="high", object_marking_refs=[red])
    found = read(json.dumps(bundle(sure, gone, odd, pattern("rule x {}", pattern_type="yara"))).encode())
    first, second = found.indicators
    assert (first.until, first.confidence) == (datetime(2026, 12, 1, tzinfo=UTC), 80)
    assert (second.value, second.until, second.confidence) == ("192.0.2.3", None, None)
    assert (found.form, found.tlp, found.passed) == (Form.STIX, Tlp.RED, 1)


def test_a_misp_event_gives_what_is_meant_for_detection():
    attributes = [
        {"type": "ip-dst|port", "value": "198.51.100.7|443", "to_ids": True},
        {"type": "domain|ip", "value": "evil.example|198.51.100.8", "to_ids": True},
        {"type": "filename|sha256", "value": f"a.exe|{SHA256}", "to_ids": "1"},
        {"type": "ip-src", "value": "192.0.2.9", "to_ids": False},
        {"type": "ip-src", "value": "192.0.2.10", "to_ids": True, "deleted": True},
        {"type": "mutex", "value": "Global\\x", "to_ids": True},
        {"type": "ip-src", "value": None, "to_ids": True},
    ]
    part = {"Attribute": [{"type": "email-src", "value": "Bad@Evil.Example", "to_ids": True}]}
    event = {"Event": {"info": "x", "Attribute": attributes, "Object": [part], "Tag": [{"name": "tlp:amber+strict"}]}}
    wanted = [
        ("address", "198.51.100.7"),
        ("domain", "evil.example"),
        ("address", "198.51.100.8"),
        ("hash", SHA256),
        ("sender", "bad@evil.example"),
    ]
    for form in (event, {"response": [event]}, [event]):
        assert pairs(form) == wanted
        found = read(json.dumps(form).encode())
        assert (found.form, found.passed, found.tlp) == (Form.MISP, 2, Tlp.AMBER_STRICT)


def test_lines_are_read_as_people_write_them():
    text = (
        "\ufeff# our feed\n198.51.100[.]7\nhxxps://Evil[.]example/Path # dropper\n10.0.0.0/24,C2\n[2001:db8::5]\n\n"
        f"{SHA256}\nBad@Evil.example\nこんにちは\n日本語.example\n0.0.0.0\n10.0.0.0/8\n"
    )
    found = read(text.encode())
    assert [(one.sort.value, one.value) for one in found.indicators] == [
        ("address", "198.51.100.7"),
        ("url", "https://evil.example/Path"),
        ("network", "10.0.0.0/24"),
        ("address", "2001:db8::5"),
        ("hash", SHA256),
        ("sender", "bad@evil.example"),
        ("domain", "xn--wgv71a119e.example"),
    ]
    assert (found.form, found.passed) == (Form.LINES, 3)


def test_what_is_no_file_of_indicators_is_refused_with_a_reason(monkeypatch):
    monkeypatch.setattr(reading, "MOST_BYTES", 200_000)
    monkeypatch.setattr(reading, "MOST", 5_000)
    assert refused(b"\xff\xfe\x00") == "indicators_text"
    assert refused(b'{"type":') == "indicators_json"
    assert refused(b"[" * 100_000) == "indicators_json"
    assert refused(b'{"a": 1}') == "indicators_form"
    assert refused(b"nothing\n") == refused(b"") == "indicators_none"
    assert refused(b" " * (reading.MOST_BYTES + 1)) == "file_too_large"
    many = "\n".join(f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in range(1, reading.MOST + 2))
    assert refused(many.encode()) == "indicators_many"


ONE = json.dumps(pattern("[ipv4-addr:value = '192.0.2.1']"), indent=2)
WHOLE = '{\n"objects": [\n' + ",\n".join([ONE] * 3) + '\n],\n"type": "bundle"\n}'


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (WHOLE[:-1], 23),
        (WHOLE[:-2], 22),
        (WHOLE[: WHOLE.rindex("]")], 21),
        (WHOLE[: WHOLE.rindex("192") + 4], 18),
        (WHOLE.replace('"type": "bundle"', '"type": bundle'), 22),
        (WHOLE + "\n\n!", 25),
        (WHOLE.replace(ONE + "\n]", ONE + ",\n]"), 21),
        (WHOLE.replace("\n", "\r\n")[:-1], 23),
        (WHOLE.replace("\n", "\r")[:-1], 23),
    ],
)
def test_json_that_is_broken_is_refused_with_its_line_wherever_its_pieces_end(body, line):
    for size in (1, 13, 10_000):
        with pytest.raises(Invalid) as refusal:
            survey(lambda size=size: in_pieces(body.encode(), size))
        assert (refusal.value.reason, int(refusal.value.params["line"])) == ("indicators_json", line)


def test_text_that_is_none_is_refused_with_its_line():
    for size in (1, 3, 100):
        with pytest.raises(Invalid) as refusal:
            survey(lambda size=size: in_pieces(b"192.0.2.1\r\n192.0.2.2\r\n\xe3\x81\r\n", size))
        assert (refusal.value.reason, int(refusal.value.params["line"])) == ("indicators_text", 3)


@pytest.mark.parametrize("form", list(Form))
def test_a_large_file_is_read_in_little_memory(form):
    """Of 8 MB no more than a few pieces are there at once."""
    begin, one, end = {
        Form.STIX: (b'{"objects": [', ONE.encode() + b" " * 9_000 + b",", ONE.encode() + b'], "type": "bundle"}'),
        Form.MISP: (
            b'{"response": [{"Event": {"Attribute": [',
            b'{"type": "ip-src", "value": "192.0.2.1", "to_ids": true}' + b" " * 9_000 + b",",
            b"{}]}}]}",
        ),
        Form.LINES: (b"", b"192.0.2.1" + b" " * 3_000 + b"\n", b"192.0.2.1"),
    }[form]

    def pieces():
        yield begin
        for _ in range(8 * 1024 * 1024 // (len(one) * 8)):
            yield one * 8
        yield end

    tracemalloc.start()
    try:
        found = survey(pieces)
        assert sum(1 for _ in reading.values(pieces, found.form)) == found.count > 900
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (found.form, peak < 2 * 1024 * 1024) == (form, True)


def test_one_value_without_end_is_not_gathered():
    for body in (b'{"objects": ["' + b"a" * 9_000_000, b"a" * 9_000_000):
        assert refused_in_pieces(body) in {"indicators_json", "indicators_line"}


def refused_in_pieces(body: bytes) -> str:
    with pytest.raises(Invalid) as refusal:
        survey(lambda: in_pieces(body, 65_536))
    return refusal.value.reason


def test_what_no_database_takes_is_no_value():
    assert values.indicator(Sort.URL, "http://evil.example/\0") is None
    assert values.indicator(Sort.URL, "http://evil.example/\ud800") is None


@given(st.one_of(st.text(max_size=200), st.from_regex(r"\[[a-z0-9-]+:value (=|IN|LIKE) \(?'[^']*'\)?( OR|AND|\])*.*")))
def test_no_pattern_breaks_the_reader(text):
    for one in stix.values(text):
        assert values.indicator(one.sort, one.value) == one, "a value is its own spelling"


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "objects",
                    "pattern",
                    "Event",
                    "Attribute",
                    "Object",
                    "Tag",
                    "value",
                    "to_ids",
                    "response",
                    "name",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(_json.map(json.dumps).map(str.encode) | st.binary(max_size=120))
def test_no_file_breaks_a_reader(body):
    for look in (read, *(lambda one, which=which: catalogues.read(which, one) for which in Catalogue)):
        with contextlib.suppress(Invalid):
            look(body)


def test_the_catalogues_of_cisa_and_mitre_are_read_as_they_are_published_and_packed():
    listed = {
        "catalogVersion": "2026.11.20",
        "vulnerabilities": [
            {
                "cveID": "CVE-2024-3400",
                "vulnerabilityName": "PAN-OS Command Injection",
                "dueDate": "2024-04-19",
                "knownRansomwareCampaignUse": "Known",
                "notes": [1],
            },
            {"cveID": "nothing", "dueDate": "soon"},
        ],
    }
    found = catalogues.read(Catalogue.KEV, json.dumps(listed).encode())
    assert (found.version, found.count) == ("2026.11.20", 1)
    assert found.weaknesses["CVE-2024-3400"] == catalogues.Weakness("PAN-OS Command Injection", "2024-04-19", True)

    def technique(name: str, uid: str, **more: object) -> dict[str, object]:
        return {
            "type": "attack-pattern",
            "name": name,
            "external_references": [{"source_name": "mitre-attack", "external_id": uid}],
            **more,
        }

    objects = [
        {"type": "x-mitre-collection", "x_mitre_version": "16.1"},
        technique("Brute Force", "T1110"),
        technique("Guessing", "T1110", revoked=True),
        technique("Old", "T1002", x_mitre_deprecated=True),
    ]
    body = json.dumps({"type": "bundle", "objects": objects}).encode()
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("enterprise-attack.json", body)
    for sent in (body, gzip.compress(body), zipped.getvalue()):
        kept = catalogues.read(Catalogue.ATTACK, sent)
        assert (kept.version, kept.techniques) == ("16.1", {"T1110": "Brute Force", "T1002": "Old"})


def test_a_catalogue_that_is_none_is_refused_and_no_bomb_is_unpacked():
    def load(which: Catalogue):
        return lambda body: catalogues.read(which, body)

    assert refused(b"{}", load(Catalogue.KEV)) == "no_kev"
    assert refused(b'{"objects": []}', load(Catalogue.ATTACK)) == "no_attack"
    assert refused(b'{"vulnerabilities": 5}', load(Catalogue.KEV)) == "catalogue_json"
    assert refused(b"PK\x03\x04 broken", load(Catalogue.ATTACK)) == "not_unpacked"
    assert refused(b"\x1f\x8b broken", load(Catalogue.ATTACK)) == "not_unpacked"
    assert refused(b"corp.example\nno domain\n", load(Catalogue.DOMAINS)) == "no_domain"
    bomb = gzip.compress(b" " * (catalogues.MOST_BYTES + 10))
    assert refused(bomb, load(Catalogue.KEV)) == "file_too_large"


def test_our_domains_are_those_names_and_all_below_them():
    kept = catalogues.read(Catalogue.DOMAINS, b"corp.example\n@Mail.example\n*.branch.example\n\n")
    known = catalogues.Known(domains=frozenset(kept.domains))
    owned = ("corp.example", "a.b.corp.example.", "MAIL.example", "x.branch.example")
    assert [known.owns(name) for name in owned] == [True] * 4
    assert not any(known.owns(name) for name in ("notcorp.example", "example", "corp.example.evil", ""))


@pytest.mark.parametrize(
    ("address", "reach"),
    [
        ("8.8.8.8", "public"),
        ("10.1.2.3", "private"),
        ("fd00::1", "private"),
        ("100.64.1.1", "shared"),
        ("192.0.2.1", "documentation"),
        ("2001:db8::1", "documentation"),
        ("127.0.0.1", "loopback"),
        ("169.254.1.1", "link_local"),
        ("224.0.0.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("::ffff:10.0.0.1", "private"),
        ("2606:4700::1", "public"),
        ("host", ""),
    ],
)
def test_an_address_says_of_what_kind_it_is(address, reach):
    assert reach_of(address) == reach


EDGES = sorted(
    {
        number % 2**32
        for one in (*ipaddress._IPv4Constants._private_networks, *enriching._IPV4)
        for edge in (int(one.network_address), int(one.broadcast_address))
        for number in (edge - 1, edge, edge + 1)
    }
)
"""Around every network that Python itself knows to be special, too: a newer one may know more of them."""


@given(st.integers(0, 2**32 - 1) | st.sampled_from(EDGES))
def test_an_address_is_found_to_be_of_the_kind_it_is_worked_out_to_be(number):
    address = str(ipaddress.IPv4Address(number))
    assert reach_of(address) == enriching.looked_up(address)


def test_every_edge_of_a_kind_of_address_is_known():
    assert {edge: reach_of(edge) for edge in map(str, map(ipaddress.IPv4Address, EDGES))} == {
        edge: enriching.looked_up(edge) for edge in map(str, map(ipaddress.IPv4Address, EDGES))
    }


def test_an_observable_is_looked_for_under_all_that_could_name_it():
    def named(kind: str, value: str, *widths: str) -> set[str]:
        return set(values.keys(kind, value, widths))

    def of(sort: Sort, value: str) -> str:
        return values.key(sort, value)

    assert named("url", "HTTP://Evil.Example:8080/x") == {
        of(Sort.URL, "http://evil.example:8080/x"),
        of(Sort.DOMAIN, "evil.example"),
    }
    assert named("email", "a@evil.example") == {of(Sort.SENDER, "a@evil.example"), of(Sort.DOMAIN, "evil.example")}
    assert named("ip", "198.51.100.7", "4/24", "6/48") == {
        of(Sort.ADDRESS, "198.51.100.7"),
        of(Sort.NETWORK, "198.51.100.0/24"),
    }
    assert named("hash", f"SHA256:{SHA256.upper()}") == {of(Sort.HASH, SHA256)}
    assert named("process", "evil.example") == named("host", "10.0.0.1.") == set()
