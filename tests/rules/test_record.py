"""The small rules of a record: gates, completeness, times, conflicts, references, and the files they read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikeshi.incidents import catalogue, completeness, gates, refs
from hikeshi.incidents.codes import Certainty, MomentKind, RecordClass
from hikeshi.incidents.gates import At, Check, Gate, GateSpec, Point, Situation
from hikeshi.incidents.moments import Oddity, oddities
from hikeshi.kernel.conflicts import clash
from hikeshi.kernel.worlds import World

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
CALM = Situation(RecordClass.INCIDENT, owner_named=True, open_tasks=0, gaps=0, report_settled=True)
RSIT = {
    "abusive-content": {"spam", "harmful-speech", "violence"},
    "malicious-code": {"infected-system", "c2-server", "malware-distribution", "malware-configuration"},
    "information-gathering": {"scanner", "sniffing", "social-engineering"},
    "intrusion-attempts": {"ids-alert", "brute-force", "exploit"},
    "intrusions": {
        "privileged-account-compromise", "unprivileged-account-compromise", "application-compromise",
        "system-compromise", "burglary",
    },
    "availability": {"dos", "ddos", "misconfiguration", "sabotage", "outage"},
    "information-content-security": {
        "unauthorised-information-access", "unauthorised-information-modification", "data-loss", "data-leak",
    },
    "fraud": {"unauthorised-use-of-resources", "copyright", "masquerade", "phishing"},
    "vulnerable": {
        "weak-crypto", "ddos-amplifier", "potentially-unwanted-accessible", "information-disclosure",
        "vulnerable-system",
    },
    "other": {"other", "undetermined"},
}  # fmt: skip
KINDS = [
    "malware", "ransomware", "targeted_attack", "ddos", "unauthorised_access", "account_takeover", "phishing",
    "business_email_compromise", "web_attack", "supply_chain", "information_leak", "misdelivery", "insider",
    "human_error", "tampering", "lost_device", "vulnerability", "cloud_misconfiguration", "service_outage",
    "cloud_outage", "physical", "disaster", "request", "other",
]  # fmt: skip


def test_every_kind_has_its_course_and_its_codes_of_rsit_and_veris() -> None:
    known = catalogue.load()
    assert [*known.kinds] == KINDS
    for kind in known.kinds.values():
        classification, _, entry = kind.rsit.partition("/")
        assert entry in RSIT[classification]
        assert kind.veris.startswith("action.") or kind.veris == "none"
        assert kind.course in known.courses.courses


def test_every_kind_says_when_to_choose_it() -> None:
    assert all(kind.hint_ja and kind.hint_en for kind in catalogue.load().kinds.values())


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (Check.OWNER_NAMED, {"owner_named": False}),
        (Check.TASKS_DONE, {"open_tasks": 1}),
        (Check.REPORT_SETTLED, {"report_settled": False}),
        (Check.FACTS_STATED, {"gaps": 3}),
    ],
)
def test_a_check_is_asked_of_the_record_anew_each_time(check: Check, wrong: dict[str, bool | int]) -> None:
    gate = Gate(GateSpec("any", At.CLOSE, check=check))
    assert gates.missing([gate], [Point(At.CLOSE)], CALM) == ()
    assert gates.missing([gate], [Point(At.CLOSE)], replace(CALM, **wrong)) == (gate,)
    assert gates.missing([gate], [Point(At.END, "contain")], replace(CALM, **wrong)) == (), "asked elsewhere"
    assert gates.holds(replace(gate, met=True), replace(CALM, **wrong)), "overridden"


def test_two_people_are_two_different_people() -> None:
    gate = Gate(GateSpec("cause_removed", At.START, "recover", people=2))
    assert not gates.enough(gate, "person:a")
    once = replace(gate, confirmed_by=frozenset({"person:a"}))
    assert not gates.enough(once, "person:a")
    assert gates.enough(once, "person:b")
    assert not gates.enough(Gate(GateSpec("asked", At.CLOSE)), "person:a"), "only its asker can meet this one"


def test_a_gate_of_accidents_is_not_asked_of_others() -> None:
    gate = Gate(GateSpec("facts_stated", At.CLOSE, check=Check.FACTS_STATED, classes=(RecordClass.ACCIDENT,)))
    open_sheet = replace(CALM, gaps=1)
    assert gates.missing([gate], [Point(At.CLOSE)], open_sheet) == ()
    assert gates.missing([gate], [Point(At.CLOSE)], replace(open_sheet, record_class=RecordClass.ACCIDENT)) == (gate,)


SHEET = {code: item.origin for code, item in catalogue.load().sheet.items()}


def test_the_sheet_asks_5w1h_and_the_eight_items_of_a_first_report() -> None:
    assert [*SHEET][:6] == ["who", "what", "when", "where", "why", "how"]
    assert len(SHEET) == 14


@given(st.dictionaries(st.sampled_from(sorted(SHEET)), st.sampled_from(Certainty)), st.booleans())
def test_every_item_is_known_or_unknown_or_a_visible_gap(stated: dict[str, Certainty], timed: bool) -> None:
    recorded = ["kind", "occurred", "detected"] if timed else ["kind", "detected"]
    done = completeness.measure(SHEET, stated, recorded)
    assert done.known + done.unknown + len(done.gaps) == done.total == len(SHEET)
    assert not set(done.gaps) & set(stated)
    assert "kind" not in done.gaps, "what the record knows nobody has to type"
    assert ("times" in done.gaps) is (not timed and "times" not in stated)
    assert done.unknown == sum(1 for said in stated.values() if said is Certainty.UNKNOWN)
    assert (done.percent == 100) is (done.known == done.total)


def test_times_that_cannot_be_right_together_are_named() -> None:
    hour = timedelta(hours=1)
    times = {
        MomentKind.OCCURRED: NOW - hour,
        MomentKind.DETECTED: NOW - 2 * hour,
        MomentKind.REPORTED: NOW - 3 * hour,
        MomentKind.CLOSED: NOW + hour,
    }
    found = {(odd.kind, odd.oddity, odd.other) for odd in oddities(times, NOW)}
    assert found == {
        (MomentKind.CLOSED, Oddity.FUTURE, None),
        (MomentKind.DETECTED, Oddity.BEFORE, MomentKind.OCCURRED),
        (MomentKind.REPORTED, Oddity.BEFORE, MomentKind.OCCURRED),
    }
    assert oddities({MomentKind.REPORTED: NOW - hour, MomentKind.DETECTED: NOW}, NOW) == (), "a customer called first"


def test_only_what_somebody_else_changed_meanwhile_is_a_conflict_and_both_texts_survive() -> None:
    current, changed = {"title": "theirs", "kind": "malware"}, {"title": 5, "kind": 2}
    found = clash(yours={"title": "mine"}, current=current, changed_at=changed, version=4)
    assert found is not None
    assert (found.yours, found.theirs) == ({"title": "mine"}, {"title": "theirs"})
    for yours, version in (
        ({"title": "mine"}, 5),
        ({"title": "theirs"}, 4),
        ({"kind": "ddos"}, 4),
        ({"title": "x"}, None),
    ):
        assert clash(yours=yours, current=current, changed_at=changed, version=version) is None


@given(st.sampled_from(World), st.integers(2000, 2999), st.integers(1, 10**6))
def test_a_reference_survives_being_typed_any_way(world: World, year: int, number: int) -> None:
    ref = refs.form(world, year, number)
    full_width = "".join(chr(ord(c) + 0xFEE0) for c in ref.lower())
    assert refs.tidy(f"  {ref.lower()}\n") == refs.tidy(full_width) == ref
    assert refs.tidy(ref + "x") == refs.tidy("") == ""
    assert ref.startswith("INC-") is (world is World.REAL), "nobody takes a drill for real"
