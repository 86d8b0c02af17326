"""The box: everything the reader may see that holds the words, and nothing else."""

from argparse import Namespace
from functools import partial
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hikeshi.accounts import actions as accounts
from hikeshi.cli.finding import rebuild
from hikeshi.finding import actions, queries, reader
from hikeshi.incidents import actions as incidents
from hikeshi.incidents.models import Incident
from hikeshi.intake.models import Alert
from hikeshi.kernel import clock
from hikeshi.kernel.acting import system
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed
from hikeshi.ledger.verify import verify
from hikeshi.search import apart, matching, vocabulary
from hikeshi.search import queries as search
from hikeshi.search.actions import Text, put
from hikeshi.search.models import Document, Progress
from hikeshi.search.question import parse
from tests import finding, world
from tests.domains.assets import added
from tests.domains.incidents import opened
from tests.effort import effort
from tests.web import desk


def _marked(hit: queries.Hit) -> list[str]:
    return [piece.text for piece in (*hit.title, *hit.passage) if piece.found]


def test_a_word_is_found_in_whatever_spelling():
    mori = world.actor("mori", "commander")
    opened(mori, title="顧客情報の漏えい")
    opened(mori, title="國分ﾌｨｯｼﾝｸﾞ、サーバの引越し")
    finding.read_in()
    for q in ("漏洩", "漏えい", "ろうえい", "情報漏洩", "顧客", "流出", "data breach", "顧客 漏洩"):
        assert finding.titles(mori, q) == ["顧客情報の漏えい"], q
    for q in ("国分", "フィッシング", "phishing", "サーバー", "さーばー", "引っ越し", "引越", "フィッシン", "server"):
        assert finding.titles(mori, q) == ["國分ﾌｨｯｼﾝｸﾞ、サーバの引越し"], q
    for q in ("ランサムウェア", "漏洩 サーバー", "京都"):
        assert finding.titles(mori, q) == [], q


def test_english_is_found_by_its_stem_its_parts_and_its_beginning():
    mori = world.actor("mori", "commander")
    opened(mori, title="Files encrypted on SV-FILE01", description="login-example.com, 203.0.113.9, CVE-2026-12345")
    finding.read_in()
    for q in (
        "encrypting",
        "sv-file01",
        "SVFILE01",
        "ＦＩＬＥ０１",
        "sv-fi",
        "login-example.com",
        "203.0.113.9",
        "cve-2026-12345",
    ):
        assert finding.titles(mori, q), q
    for q in ("203.0.113.8", "113.0.203.9", "cve-2026-1234 files", "ile01"):
        assert not finding.titles(mori, q), q


def test_words_of_every_part_of_a_record_are_found_and_shown_where_they_stand():
    mori = world.actor("mori", "commander")
    record = opened(mori, title="共有サーバの異常", description="朝から遅い")
    incidents.note(by=mori, ref=record.ref, text="攻撃者は踏み台を経由して侵入した")
    incidents.add_task(by=mori, ref=record.ref, title="メモリを採取する")
    finding.read_in()
    for q, letters in {"踏み台": "踏み台", "採取": "採取", "朝": "朝", "サーバー": "サーバ"}.items():
        (hit,) = queries.find(mori, q).page.items
        assert letters in _marked(hit), q


def test_what_is_called_so_comes_before_what_mentions_it_and_the_newest_first():
    mori = world.actor("mori", "commander")
    opened(mori, title="VPN が遅い")
    opened(mori, title="VPN の証明書が切れた")
    opened(mori, title="朝から遅い", description="VPN は正常")
    finding.read_in()
    assert finding.titles(mori, "vpn") == ["VPN の証明書が切れた", "VPN が遅い", "朝から遅い"]


def test_operators_narrow_quotes_hold_together_and_a_minus_leaves_out():
    mori = world.actor("mori", "commander")
    opened(mori, title="京都支社の障害", kind="malware")
    second = opened(mori, title="東京都の障害", kind="ransomware")
    incidents.assign(by=mori, ref=second.ref, owner="mori")
    finding.read_in()
    wanted = {
        "障害 -京都": ["東京都の障害"],
        "京都": ["京都支社の障害"],
        '"京都"': ["東京都の障害", "京都支社の障害"],
        "障害 kind:ransomware": ["東京都の障害"],
        "障害 -kind:ransomware": ["京都支社の障害"],
        "障害 種別：ランサムウェア": ["東京都の障害"],
        "owner:mori 障害": ["東京都の障害"],
        "担当:自分": ["東京都の障害"],
        "is:unassigned": ["京都支社の障害"],
        "is:closed 障害": [],
        "障害 before:2020-01-01": [],
        "type:alert 障害": [],
    }
    assert {q: finding.titles(mori, q) for q in wanted} == wanted


def test_words_in_quotes_stand_so_beside_each_other_and_in_this_order():
    mori = world.actor("mori", "commander")
    opened(mori, title="Door 7 stands open")
    opened(mori, title="7 days at the door")
    opened(mori, title="通信の復旧と機器の障害")
    opened(mori, title="機器の復旧と通信の障害")
    finding.read_in()
    wanted = {
        "door 7": {"Door 7 stands open", "7 days at the door"},
        '"door 7"': {"Door 7 stands open"},
        '"7 door"': set(),
        '"通信の障害"': {"機器の復旧と通信の障害"},
    }
    assert {q: set(finding.titles(mori, q)) for q in wanted} == wanted


@pytest.mark.parametrize(
    ("q", "reason"),
    [
        ("before:yesterday", "not_a_day"),
        ("is:strange", "unknown_value"),
        ("type:tree", "unknown_value"),
        ("a " * 13, "too_many_words"),
        ("a" * 201, "too_long"),
    ],
)
def test_what_cannot_be_asked_is_said_and_not_guessed(q, reason):
    with pytest.raises(Invalid) as refused:
        queries.find(world.actor("mori", "commander"), q)
    assert (refused.value.field, refused.value.reason) == ("q", reason)


@pytest.mark.parametrize(
    "q",
    [
        '"',
        "'",
        "\\",
        "-",
        '" OR 1=1 --',
        "*",
        "(漏洩",
        "a:b:c",
        "NEAR(",
        "w漏洩'",
        "é ß ﷺ",
        "%",
        "\u3000",
        "𠮟る",
        "-漏洩",
    ],
)
def test_whatever_is_typed_breaks_nothing(q):
    mori = world.actor("mori", "commander")
    opened(mori, title="x")
    finding.read_in()
    queries.find(mori, q)
    queries.glance(mori, q)


def test_a_restricted_record_and_its_alerts_are_found_by_its_members_alone():
    mori, auditor = world.actor("mori", "commander"), world.actor("aoki", "auditor")
    chief = world.actor("chief", "administrator")
    record = opened(mori, title="役員の横領の疑い")
    incidents.assign(by=mori, ref=record.ref, owner="mori")
    incidents.restrict(by=mori, ref=record.ref, reason="人事")
    incidents.note(by=mori, ref=record.ref, text="横領")
    elsewhere = world.actor("sato", "commander", at=world.organisation("Elsewhere"))
    finding.read_in()
    assert finding.titles(mori, "横領") == ["役員の横領の疑い"]
    for stranger in (auditor, chief, elsewhere, world.actor("nobody")):
        found = queries.find(stranger, "横領")
        assert (found.page.items, found.page.total, queries.glance(stranger, "横領")) == ([], 0, [])
        assert queries.jump(stranger, record.ref) == ""
    assert queries.jump(mori, f" {record.ref.lower()} ") == record.ref


def test_alerts_assets_and_people_are_in_the_same_box_for_those_who_may_see_them():
    admin = world.admin()
    mori = world.actor("mori", "commander")
    accounts.edit_person(by=admin, person=world.person("mori").uuid, name="森 花子", email="")
    desk.alert("Beacon from 経理端末")
    added("経理サーバー", by=admin)
    opened(mori, title="経理から連絡")
    finding.read_in()
    assert [few.kind for few in queries.glance(mori, "経理")] == ["incident", "alert", "asset"]
    assert finding.titles(mori, "森") == ["森 花子"]
    assert finding.titles(mori, "経理", types=["asset"]) == ["経理サーバー"]
    assert finding.titles(world.actor("rina", "reporter"), "経理") == []


def test_what_is_rewritten_or_gone_is_no_longer_found():
    mori = world.actor("mori", "commander")
    record = opened(mori, title="誤った題名")
    desk.alert("Beacon")
    finding.read_in()
    incidents.edit(by=mori, ref=record.ref, title="正しい件名")
    finding.read_in()
    assert (finding.titles(mori, "誤っ"), finding.titles(mori, "件名")) == ([], ["正しい件名"])
    Alert.objects.all().delete()
    assert finding.titles(mori, "beacon") == []
    Progress.objects.update(rows={"alert": 0, "sweep": 0})
    finding.read_in()
    assert not Document.objects.filter(kind="alert").exists()
    assert _holding("lbeacon") == 0
    assert _holding("w件名") == 1


def _holding(token: str) -> int:
    """How many documents the table of words itself knows, whatever else stands."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT count(*) FROM search_words WHERE words @@ CAST(%s AS tsquery)", [f"'{token}'"])
        else:
            cursor.execute("SELECT count(*) FROM search_words WHERE search_words MATCH %s", [f'"{token}"'])
        return cursor.fetchone()[0]


def test_pages_neither_repeat_nor_leave_out():
    mori = world.actor("mori", "commander")
    wanted = {f"VPN {number}" for number in range(5)} | {f"other {number}" for number in range(4)}
    for title in sorted(wanted):
        opened(mori, title=title, description="vpn")
    finding.read_in()
    found, cursor = [], None
    while True:
        page = queries.find(mori, "vpn", cursor=cursor, limit=2).page
        found += [hit.shown.title for hit in page.items]
        assert page.total == 9
        cursor = page.next
        if cursor is None:
            break
    assert len(found) == 9
    assert set(found) == wanted
    with pytest.raises(Invalid):
        queries.find(mori, "vpn", cursor="x")


def test_a_search_costs_the_same_however_much_it_finds():
    mori = world.actor("mori", "commander")
    costs = []
    for many in (1, 6):
        for _ in range(many):
            record = opened(mori, title="VPN")
            incidents.note(by=mori, ref=record.ref, text="vpn")
            desk.alert(f"vpn {record.ref}")
        finding.read_in()
        with CaptureQueriesContext(
            connection,
        ) as counted:
            queries.glance(mori, "vpn")
        costs.append(len(counted))
    assert costs[1] <= costs[0] <= 20


def _bulk(many: int, title: str) -> None:
    root, now = world.site(), clock.now()
    levels = {"impact": 3, "effect": 3, "urgency": 3, "urgency_asked": 3, "priority": 4}
    whose = {"organisation": root, "kind": "malware", "course": "security", "phase": "detect", "opened_by": "x"}
    first = Incident.objects.count()
    finding.read_in()
    made = Incident.objects.bulk_create(
        Incident(ref=f"INC-2024-{first + number:06}", title=title, opened_at=now, **levels, **whose)
        for number in range(many)
    )
    put("incident", [Text(one.uuid, f"{one.ref}\n{one.title}", "") for one in made])


def test_a_beginning_costs_no_more_when_more_holds_the_words_that_begin_so():
    mori = world.actor("mori", "commander")
    _bulk(1_100, "server mail encrypted")
    few = effort(partial(queries.glance, mori, "mail encry"))
    _bulk(3_000, "server mail encrypted")
    assert [(one.total, one.exact) for one in queries.glance(mori, "mail encry")] == [(200, False)]
    if connection.vendor == "sqlite":
        wanted = vocabulary.spelled_out(matching.wanted(parse("mail encry", {}).terms, reader.read))
        assert "*" not in matching.found("incident", wanted, "sqlite")
        assert effort(partial(queries.glance, mori, "mail encry")) < 1.5 * few


def test_a_kind_is_looked_for_where_it_lies_however_much_of_others_lies_before_it():
    world.site()
    finding.read_in()
    wanted = matching.wanted(parse("beacon", {}).terms, reader.read)
    costs = []
    for many in (0, 12_000):
        Document.objects.filter(kind="alert").delete()
        put("incident", [Text(uuid7(), "beacon of a server", "") for _ in range(many)])
        put("alert", [Text(uuid7(), "beacon", "") for _ in range(1_500)])
        span = search.spans(["alert"]).get("alert")
        costs.append(effort(search.documents("alert", wanted, span=span)[:1_001].count))
    assert costs[1] < 1.5 * costs[0] + 1_500


def test_what_is_written_anew_between_two_queries_is_found():
    mori = world.actor("mori", "commander")
    record = opened(mori, title="VPN")
    finding.read_in()
    span = search.spans(["incident", "asset"])
    wanted = matching.wanted(parse("vpn", {}).terms, reader.read)
    put("incident", [Text(record.uuid, "VPN down", "")])
    assert [one.uuid for one in search.documents("incident", wanted, span=span.get("incident"))] == [record.uuid]
    assert not list(search.documents("asset", wanted, span=span.get("asset")))


@pytest.mark.parametrize("q", ["ser", "server mail serv", "-mail se", "漏洩 ser", "sv-0", "sv-01", "zz", "none-such"])
def test_the_words_that_begin_so_find_what_the_beginning_would(q):
    mori = world.actor("mori", "commander")
    for number, title in enumerate(("Server and mail", "Services", "漏洩 of a server", "a series", "se", "é")):
        words = (f"SV-{number}{place:02} zz{number}{place:02}" for place in range(40))
        opened(mori, title=title, description=" ".join(words))
    finding.read_in()
    wanted = matching.wanted(parse(q, {}).terms, reader.read)
    for heading in (None, True, False):
        whole, spelled = (
            [one.pk for one in search.documents("incident", each, heading=heading)]
            for each in (wanted, vocabulary.spelled_out(wanted))
        )
        assert whole == spelled


def test_the_index_is_built_of_what_stands_and_built_anew_on_demand(capsys):
    mori = world.actor("mori", "commander")
    opened(mori, title="前からある件")
    assert not queries.standing().begun
    assert finding.titles(mori, "件") == []
    finding.read_in()
    before = set(Document.objects.values_list("kind", "uuid"))
    assert finding.titles(mori, "前から")
    actions.begin_anew()
    assert not queries.standing().whole
    assert rebuild(Namespace()) == 0
    assert "documents" in capsys.readouterr().out
    assert set(Document.objects.values_list("kind", "uuid")) == before
    assert queries.standing().whole


def test_without_its_reader_of_japanese_the_box_still_finds_by_letters(monkeypatch):
    mori = world.actor("mori", "commander")
    opened(mori, title="ランサムウェアの疑い")
    finding.read_in()

    def broken(texts):
        raise apart.NoReader

    monkeypatch.setattr(apart, "read", broken)
    assert finding.titles(mori, "ランサム") == ["ランサムウェアの疑い"]


def test_the_reader_is_started_when_needed_and_again_after_it_ended():
    apart.close()
    assert not apart.is_running()
    ((word,),) = apart.read(["漏えい"])
    assert (word.normal, word.known) == ("漏洩", True)
    apart.close()
    assert apart.read(["漏えい"])


def test_words_that_mean_the_same_are_the_sites_to_say():
    admin, mori = world.admin(), world.actor("mori", "commander")
    opened(mori, title="基幹系が止まった")
    finding.read_in()
    assert finding.titles(mori, "ERP") == []
    number = actions.set_synonyms(by=admin, groups="基幹系、ERP , 基幹システム\n\n")
    assert finding.titles(mori, "erp") == finding.titles(mori, "基幹システム") == ["基幹系が止まった"]
    with pytest.raises(Conflict):
        actions.set_synonyms(by=admin, groups="a, b", version=number - 1)
    actions.restore_synonyms(by=admin, number=0)
    assert finding.titles(mori, "ERP") == []
    assert verify(state=True).findings == ()
    with pytest.raises(NotAllowed):
        actions.set_synonyms(by=mori, groups="a, b")


@pytest.mark.parametrize(
    ("groups", "reason"),
    [
        ("漏洩", "group_of_one"),
        ("a, b\nb, c", "word_twice"),
        ("a, " + "x" * 61, "word_not_usable"),
        (", ".join("abcdefghijklm"), "group_too_large"),
    ],
)
def test_groups_that_say_nothing_clear_are_refused_with_their_line(groups, reason):
    world.site()
    with pytest.raises(Invalid) as refused:
        actions.set_synonyms(by=system("test"), groups=groups)
    assert (refused.value.field, refused.value.reason) == ("groups", reason)
    assert refused.value.params["line"] == str(len(groups.splitlines()))


def test_an_engine_step_is_short_and_writes_nothing_when_nothing_happened():
    opened(world.actor("mori", "commander"))
    finding.read_in()
    with CaptureQueriesContext(connection) as counted:
        assert not actions.follow(clock.now())
    assert len(counted) <= 2


RECALL, PRECISION = 0.95, 0.9
"""Below these the search has become worse than it was. Measured when they were set: see the test's output."""


def test_the_judged_questions_find_what_a_person_wants(capsys):
    judged = yaml.safe_load((Path(__file__).parent / "judged" / "search.yaml").read_text("utf-8"))
    mori = world.actor("mori", "commander")
    for record in judged["records"].values():
        opened(mori, title=record["heading"], description=record["body"])
    finding.read_in()
    numbers = {record["heading"]: number for number, record in judged["records"].items()}
    scores, lines = [], []
    for q, wants in judged["questions"].items():
        found = [numbers[title] for title in finding.titles(mori, str(q), types=["incident"])]
        right = len(set(found) & set(wants))
        scores.append((right / len(wants), right / len(found) if found else 0.0))
        if set(found) != set(wants):
            lines.append(f"{q}: missed {sorted(set(wants) - set(found))}, besides {sorted(set(found) - set(wants))}")
    recall, precision = (sum(column) / len(scores) for column in zip(*scores, strict=True))
    with capsys.disabled():
        print(  # noqa: T201  # the figure is what the set is for
            f"\nsearch, {len(scores)} judged questions: recall {recall:.3f}, precision {precision:.3f}",
            *lines,
            sep="\n  ",
        )
    assert recall >= RECALL
    assert precision >= PRECISION
