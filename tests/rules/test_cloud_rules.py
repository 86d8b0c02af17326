"""What the shipped rules make of calls in a cloud and of logs that were cleared: opened, kept for people, gathered."""

import json

import pytest

from hikeshi.intake import rulebook
from tools import sources

BOOK = rulebook.load()


def decided(source: str, name: str) -> list[tuple[str, str]]:
    """Rule and verdict of each finding of that sample."""
    sample = next(one for one in sources.samples(source) if one.name == name)
    rules = [next(BOOK.matches(one.normal)) for one in sources.findings(source, sample.read_bytes())]
    return [(rule.code, rule.verdict.value) for rule in rules]


@pytest.mark.parametrize(
    "name",
    [
        "defense_evasion_cloudtrail_stop.json",
        "defense_evasion_cloudtrail_delete.json",
        "defense_evasion_vpc_remove_flow_logs.json",
    ],
)
def test_a_record_that_is_switched_off_opens_and_one_that_was_refused_does_not(name: str) -> None:
    assert decided("cloudtrail", name) == [("trail_removed", "open")]
    sample = next(one for one in sources.samples("cloudtrail") if one.name == name)
    refused = [{**one, "errorCode": "AccessDenied"} for one in json.loads(sample.read_bytes())]
    (found,) = sources.findings("cloudtrail", json.dumps(refused).encode())
    assert next(BOOK.matches(found.normal)).code != "trail_removed"


def test_a_bucket_opened_to_everybody_opens_and_one_that_is_bound_or_only_refuses_is_for_people() -> None:
    public, kept = ("cloud_storage_public", "open"), ("default", "keep")
    assert decided("cloudtrail", "bucket_made_public.json") == [public, public, kept, kept, kept, public]


def test_root_that_signs_in_opens_and_neither_a_failure_nor_anybody_else_does() -> None:
    assert decided("cloudtrail", "eventbridge_root_sign_in.json") == [("cloud_root_sign_in", "open")]
    assert decided("cloudtrail", "initial_access_console_login_without_mfa.json") == [("low", "gather")]
    sample = next(one for one in sources.samples("cloudtrail") if one.name == "eventbridge_root_sign_in.json")
    failed = sample.read_text().replace('"Success"', '"Failure"')
    (found,) = sources.findings("cloudtrail", failed.encode())
    assert next(BOOK.matches(found.normal)).code != "cloud_root_sign_in"


def test_a_cleared_log_of_windows_opens_in_both_forms() -> None:
    cleared = ("trail_removed", "open")
    for name in ("log_cleared_and_registry.ndjson", "who_did_it.ndjson", "who_did_it_winlogbeat.ndjson"):
        assert decided("windows", name).count(cleared) == 1


def test_the_rule_of_cleared_logs_knows_each_number_in_its_own_log_only() -> None:
    said = {"Hostname": "dc1", "EventTime": "2026-11-20T03:11:12Z"}
    rdp = "Microsoft-Windows-TerminalServices-RDPClient/Operational"
    for log, number, cleared in (
        ("Security", 1102, True),
        ("System", 104, True),
        ("System", 1102, False),
        ("Security", 104, False),
        (rdp, 1102, False),
    ):
        (found,) = sources.findings("windows", json.dumps({**said, "Channel": log, "EventID": number}).encode())
        first = next(iter(BOOK.matches(found.normal)), None)
        assert (first is not None and first.code == "trail_removed") == cleared, (log, number)
