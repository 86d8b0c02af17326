"""Windows states how an event went and not how grave it is. Microsoft's "Appendix L: Events to Monitor" does, for the
log Security; what other logs number alike is something else.
"""

from datetime import UTC, datetime

import pytest

from hikeshi.intake import normalise
from hikeshi.intake.sources import book
from hikeshi.intake.sources.unwrapping import Wrapped

AT = datetime(2026, 11, 21, 10, 5, 31, tzinfo=UTC)
WORDS = {1: "informational", 2: "low", 3: "medium", 4: "high"}
HIGH = {1102, 4618, 4649, 4719, 4765, 4766, 4794, 4897, 4964, 5124}
MEDIUM = {
    4621,
    4675,
    4692,
    4693,
    4706,
    4713,
    4714,
    4715,
    4716,
    4724,
    4727,
    4735,
    4737,
    4739,
    4754,
    4755,
    4764,
    4780,
} | {
    *(4816, 4865, 4866, 4867, 4868, 4870, 4882, 4885, 4890, 4892, 4896, 4906, 4907, 4908, 4912, 4960, 4961, 4962, 4963),
    *(4965, 4976, 4977, 4978, 4983, 4984, 5027, 5028, 5029, 5030, 5035, 5037, 5038, 5120, 5121, 5122, 5123, 5376, 5377),
    *(5453, 5480, 5483, 5484, 5485, 6145, 6273, 6274, 6275, 6276, 6277, 6278, 6279, 6280),
}
"""4764 stands there twice, as what it is now and as what two numbers were before Vista."""
OURS = {104: "high", 4720: "medium", 4728: "medium", 4732: "medium", 4756: "medium"}
LOW = (1100, 4608, 4616, 4624, 4625, 4634, 4648, 4672, 4688, 4697, 4698, 4738, 4740, 4768, 4769, 4771, 4776, 5140, 5156)


def severity(channel: str, number: int | str, *, winlogbeat: bool) -> str:
    flat = {"Channel": channel, "EventID": number, "Hostname": "dc1"}
    nested = {"winlog": {"channel": channel, "event_id": number, "computer_name": "dc1"}}
    document = nested if winlogbeat else flat
    return WORDS[normalise.finding(book.source("windows"), Wrapped(document, None), AT).severity]


@pytest.mark.parametrize("winlogbeat", [True, False])
def test_an_event_of_the_log_security_is_as_grave_as_its_maker_says(winlogbeat: bool) -> None:
    wanted = {**dict.fromkeys(HIGH, "high"), **dict.fromkeys(MEDIUM, "medium"), **OURS}
    found = {number: severity("Security", str(number), winlogbeat=winlogbeat) for number in wanted}
    assert found == wanted
    assert {severity("security", number, winlogbeat=winlogbeat) for number in LOW} == {"informational"}
    assert severity("", 4719, winlogbeat=winlogbeat) == "high", "no log is named"


@pytest.mark.parametrize("winlogbeat", [True, False])
def test_the_same_number_in_another_log_is_another_event(winlogbeat: bool) -> None:
    assert severity("System", 104, winlogbeat=winlogbeat) == "high"
    assert severity("System", 24593, winlogbeat=winlogbeat) == "medium"
    others = ("System", "Application", "Microsoft-Windows-TerminalServices-RDPClient/Operational")
    for number in (HIGH | MEDIUM) - {104}:
        assert {severity(log, number, winlogbeat=winlogbeat) for log in others} == {"informational"}, number
