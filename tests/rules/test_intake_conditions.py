"""Rules as a form says them and as Sigma does: converted either way, the meaning stays and nothing is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hikeshi.intake import conditions, rulebook, site_rules
from hikeshi.intake.conditions import Clause, Conditions, Operator, Unsayable
from hikeshi.intake.site_rules import Terms

WRITTEN = """# why this rule is here
title: Scanner
falsepositives:
  - none yet
detection:
  scan:
    finding_info.title|contains: [nmap, masscan]
    src_endpoint.ip|cidr: 10.0.0.0/8
  loud:
    severity_id|gte: 4
  inside:
    device.hostname: [pc-1, 'pc 2']
  condition: (scan or loud) and not inside
# the end
level: low
"""


def terms(sigma: str) -> Terms:
    return Terms(title_en="x", title_ja="x", reason_en="x", reason_ja="x", sigma=sigma)


def holds(sigma: str, document: dict[str, object]) -> bool:
    return site_rules.compiled("x", 1, terms(sigma)).test(document)


def test_a_text_is_read_as_the_form_shows_it() -> None:
    found = conditions.read(WRITTEN)
    scan = (
        Clause("finding_info.title", Operator.CONTAINS, ("nmap", "masscan")),
        Clause("src_endpoint.ip", Operator.NETWORK, ("10.0.0.0/8",)),
    )
    assert found.groups == (scan, (Clause("severity_id", Operator.AT_LEAST, ("4",)),))
    assert found.exceptions == ((Clause("device.hostname", Operator.IS, ("pc-1", "pc 2")),),)


def test_what_the_form_writes_leaves_everything_else_in_its_place() -> None:
    changed = conditions.written(WRITTEN, Conditions(((Clause("severity_id", Operator.IS, ("5",)),),)))
    assert changed.startswith("# why this rule is here\ntitle: Scanner\nfalsepositives:\n  - none yet\ndetection:\n")
    assert changed.endswith("# the end\nlevel: low\n")
    assert "nmap" not in changed
    assert conditions.read(changed).groups == ((Clause("severity_id", Operator.IS, ("5",)),),)


@pytest.mark.parametrize(
    ("detection", "code"),
    [
        ("  a:\n    # my comment\n    count: 1\n  condition: a", "comments"),
        ("  k: [whoami]\n  condition: k", "keywords"),
        ("  a:\n    finding_info.title|cased: X\n  condition: a", "value"),
        ("  a:\n    finding_info.title: 'a*b'\n  condition: a", "value"),
        ("  a:\n    device.ip: null\n  condition: a", "value"),
        ("  a:\n    count: 1\n  condition: not a", "only_not"),
    ],
)
def test_what_the_form_cannot_say_stays_text(detection: str, code: str) -> None:
    with pytest.raises(Unsayable) as refusal:
        conditions.read(f"detection:\n{detection}\n")
    assert refusal.value.code == code


def test_a_hash_inside_a_value_is_no_comment() -> None:
    assert conditions.read("detection:\n  a:\n    finding_info.title: 'ticket #4'\n  condition: a\n").groups


def test_an_exception_keeps_the_text_and_spares_the_alert() -> None:
    normal: dict[str, object] = {
        "finding_info": {"title": "nmap scan", "analytic": {"name": "Nmap: *all* ports"}},
        "severity_id": 5,
        "device": {"hostname": "srv-1"},
        "src_endpoint": {"ip": "10.1.1.1"},
        "actor": {"user": {"name": "it's me"}},
    }
    known = conditions.told_apart(normal)
    assert [one.field for one in known] == ["finding_info.analytic.name", "device.hostname", "actor.user.name"]
    spared = conditions.excepted(WRITTEN, known)
    assert holds(WRITTEN, normal)
    assert not holds(spared, normal)
    assert holds(spared, {**normal, "device": {"hostname": "srv-2"}})
    assert spared.startswith("# why this rule is here")
    again = conditions.excepted(spared, (Clause("severity_id", Operator.IS, ("5",)),))
    assert not holds(again, {**normal, "device": {"hostname": "srv-2"}})
    assert len(conditions.read(again).exceptions) == 3


def test_every_shipped_rule_is_shown_by_the_form_or_stays_text_and_means_the_same() -> None:
    shown = 0
    for rule in rulebook.load().rules:
        text = site_rules.terms_of_file(rule).sigma
        try:
            found = conditions.read(text)
        except Unsayable:
            continue
        shown += 1
        assert conditions.read(conditions.written(text, found)) == found, rule.code
    assert shown > 15


VALUES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(str.strip)
FIELDS = st.sampled_from(["finding_info.title", "device.hostname", "unmapped.Some Key", "count"])
TEXTUAL = st.sampled_from([Operator.IS, Operator.CONTAINS, Operator.STARTS, Operator.ENDS])
CLAUSES = st.builds(
    Clause, FIELDS, TEXTUAL, st.lists(VALUES, min_size=1, max_size=3, unique=True).map(tuple), st.booleans()
)
Groups = tuple[tuple[Clause, ...], ...]
GROUPS = st.lists(st.lists(CLAUSES, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(tuple)
DOCUMENTS = st.fixed_dictionaries(
    {"finding_info": st.fixed_dictionaries({"title": VALUES}), "device": st.fixed_dictionaries({"hostname": VALUES})}
)


def _said(clause: Clause, document: dict[str, dict[str, str]]) -> bool:
    """The line's meaning, written down once more, without Sigma."""
    top, _, leaf = clause.field.partition(".")
    inside = document.get(top)
    value = inside.get(leaf, "") if isinstance(inside, dict) else None
    seen = None if not value else value.lower()
    tests = {
        Operator.IS: str.__eq__,
        Operator.CONTAINS: str.__contains__,
        Operator.STARTS: str.startswith,
        Operator.ENDS: str.endswith,
    }
    hit = seen is not None and any(tests[clause.operator](seen, wanted.lower()) for wanted in clause.values)
    return hit is not clause.negated


@given(GROUPS, st.lists(st.lists(CLAUSES, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple), DOCUMENTS)
@settings(max_examples=150, deadline=None)
def test_what_the_form_says_is_what_the_rule_does(
    groups: tuple[tuple[Clause, ...], ...],
    exceptions: tuple[tuple[Clause, ...], ...],
    document: dict[str, dict[str, str]],
) -> None:
    wanted = Conditions(groups, exceptions)
    meant = any(all(_said(one, document) for one in group) for group in groups)
    meant = meant and not any(all(_said(one, document) for one in group) for group in exceptions)
    assert holds(conditions.written("", wanted), document) is meant


def test_a_line_that_something_is_not_there_is_read_again_as_it_was_written() -> None:
    gone = Clause("unmapped.error", Operator.PRESENT, (), True)
    wanted = Conditions(((Clause("severity_id", Operator.IS, ("5",)), gone), (gone,)))
    text = conditions.written("", wanted)
    assert conditions.read(text) == wanted
    assert holds(text, {"severity_id": 5})
    assert not holds(text, {"severity_id": 5, "unmapped": {"error": "AccessDenied"}})
