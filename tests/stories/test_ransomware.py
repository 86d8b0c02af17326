"""A ransomware run as its detectors tell it: mail filter, endpoint, domain controller, firewall, endpoint again.

The bodies are the sources' own samples with one victim, one account and times in their order; who first sees what is
the usual course of such a run (ATT&CK T1566, T1059, T1003, T1070, T1071, T1486).
"""

import json
import random
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from hikeshi.incidents import reactions  # noqa: F401  # hears of judgements
from hikeshi.incidents.models import AttachedAlert, Incident
from hikeshi.intake import digesting
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert, Together
from hikeshi.intake.sources import book
from hikeshi.kernel import clock
from hikeshi.ledger import reactions as hearing
from hikeshi.ledger.models import Parked
from tests.domains.test_intake_digest import body
from tests.web.desk import browser, page

BEGAN = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
Event = dict[str, object]
Told = tuple[float, str, Event]  # minutes since it began, source, body


def sample(source: str, name: str) -> Event:
    found: Event = json.loads((book.FOLDER / source / "samples" / name).read_text(encoding="utf-8").splitlines()[0])
    return found


def whole(source: str, name: str) -> Event:
    found: Event = json.loads((book.FOLDER / source / "samples" / name).read_text(encoding="utf-8"))
    return found


def at(minutes: float) -> str:
    return (BEGAN + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


def mail(minutes: float) -> Told:
    (first, *_) = cast("list[Event]", whole("abnormal", "threat_details.json")["messages"])
    said = {"attackType": "Malware", "attackVector": "Attachment", "subject": "御見積書の件", "autoRemediated": False}
    said |= {"toAddresses": "suzuki@example.jp", "isRead": True, "receivedTime": at(minutes), "sentTime": at(minutes)}
    return minutes, "abnormal", {"messages": [{**first, **said}]}


def endpoint(minutes: float, host: str, address: str, **said: object) -> Told:
    """What an endpoint agent sees the account suzuki do."""
    (first, *_) = cast("list[Event]", whole("crowdstrike", "alerts_api_resources.json")["resources"])
    times = dict.fromkeys(("timestamp", "created_timestamp", "updated_timestamp"), at(minutes))
    device = {**cast("Event", first["device"]), "hostname": host, "local_ip": address, "device_id": host}
    one = {**first, **times, "device": device, "composite_id": f"c1:{host}:{minutes}", **said}
    return minutes, "crowdstrike", {"resources": [one]}


def controller(minutes: float) -> Told:
    one = deepcopy(whole("windows", "winlogbeat.json"))
    one |= {"@timestamp": at(minutes), "message": "The audit log was cleared.", "host": {"name": "dc1"}}
    one["event"] = {"code": "1102", "provider": "Microsoft-Windows-Eventlog", "action": "Log clear"}
    one["winlog"] = {
        **cast("Event", one["winlog"]),
        "event_id": "1102",
        "computer_name": "dc1",
        "task": "Log clear",
        "event_data": {"SubjectUserName": "suzuki", "SubjectDomainName": "EXAMPLE"},
    }
    return minutes, "windows", one


def firewall(minutes: float) -> Told:
    lines = (book.FOLDER / "fortigate" / "samples" / "ips_and_virus.ndjson").read_text(encoding="utf-8").splitlines()
    one: dict[str, str] = json.loads(next(line for line in lines if "W32/Agent" in line))
    seconds = int((BEGAN + timedelta(minutes=minutes)).timestamp())
    line = one["syslog"].replace("10.0.0.42", "10.1.7.77").replace("1763604130", str(seconds))
    when = BEGAN + timedelta(minutes=minutes)
    line = line.replace("date=2025-11-20 time=11:02:10", f"date={when:%Y-%m-%d} time={when:%H:%M:%S}")
    return minutes, "fortigate", {**one, "syslog": line, "at": when.isoformat()}


DUMP: Mapping[str, object] = {
    "display_name": "CredentialDumping",
    "name": "LSASS memory read",
    "description": "A process read the memory of LSASS.",
    "severity": 70,
    "severity_name": "High",
    "tactic": "Credential Access",
    "tactic_id": "TA0006",
    "technique": "OS Credential Dumping",
    "technique_id": "T1003",
    "filename": "rundll32.exe",
    "cmdline": "rundll32.exe comsvcs.dll MiniDump",
    "scenario": "credential_theft",
}
SHELL: Mapping[str, object] = {
    "display_name": "PShellDownloadRun",
    "name": "PowerShell",
    "description": "PowerShell fetched and ran something.",
    "severity": 50,
    "severity_name": "Medium",
    "tactic": "Execution",
    "tactic_id": "TA0002",
    "technique": "PowerShell",
    "technique_id": "T1059.001",
    "filename": "powershell.exe",
    "cmdline": "powershell.exe -enc SQBFAFgA",
    "scenario": "suspicious_activity",
}
RUN: tuple[Told, ...] = (
    mail(0),
    endpoint(6, "PC-0777", "10.1.7.77", **SHELL),
    endpoint(14, "PC-0777", "10.1.7.77", **DUMP),
    controller(27),
    firewall(31),
    endpoint(48, "FS-01", "10.1.1.5"),
)


@pytest.fixture(autouse=True)
def _listening() -> Iterator[None]:
    hearing.begin()
    yield
    assert not Parked.objects.exclude(error="").exists()


def come(run: list[Told]) -> None:
    for _, source, one in run:
        digesting.digest([item(source, one)])
        while hearing.step(clock.now()):
            pass


def item(source: str, one: Event) -> InboxItem:
    return body(source, one)


def shuffled(seed: int, minutes: float) -> list[Told]:
    """Each heard up to so many minutes late, and some of them twice."""
    chance = random.Random(seed)
    heard = [(told[0] + chance.uniform(0, minutes), told) for told in (*RUN, *chance.sample(RUN, 3))]
    return [told for _, told in sorted(heard, key=lambda one: one[0])]


@pytest.mark.parametrize("run", [list(RUN), [*RUN, *RUN], *(shuffled(seed, 20) for seed in range(6))])
def test_a_ransomware_run_is_exactly_one_incident_whatever_comes_late_or_twice(run: list[Told]) -> None:
    come(run)
    incident = Incident.objects.get()
    held = set(AttachedAlert.objects.filter(incident=incident).values_list("alert", flat=True))
    assert held == set(Alert.objects.values_list("uuid", flat=True))
    assert Alert.objects.count() == len(RUN)


def test_it_explains_itself() -> None:
    come(list(RUN))
    incident = Incident.objects.get()
    opener = Alert.objects.get(verdict="open")
    assert opener.rule == "credential_theft"
    why = Together.objects.get(alert=opener)
    assert why.shared == [["user", "suzuki"]]
    assert set(why.members) == {str(one.uuid) for one in Alert.objects.filter(first_seen__lt=opener.first_seen)}
    shown = page(browser("mori", "commander").get(f"/incidents/{incident.ref}/"))
    for words in (
        "Why these belong together",
        "suzuki",
        "Passwords, tickets or hashes",
        "PShellDownloadRun",
        "Malware",
    ):
        assert words in shown, words
