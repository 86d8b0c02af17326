"""Sources a site maps itself: saved, taken up, replaced, taken out; what was put aside read again."""

import json
from collections.abc import Iterator

import pytest

from hikeshi.intake import actions, digesting, plain_mapping, previewing, queries, site_sources
from hikeshi.intake.inbox.items import InboxItem
from hikeshi.intake.models import Alert, Parked, SourceVersion
from hikeshi.intake.plain_mapping import Line, Plain, Unsayable
from hikeshi.intake.queries import sourcing
from hikeshi.intake.queries.taking_up import take_up
from hikeshi.intake.site_sources import Mapped
from hikeshi.intake.sources import book, tree
from hikeshi.kernel import clock
from hikeshi.kernel.ids import uuid7
from hikeshi.kernel.refusals import Conflict, Invalid, NotAllowed
from hikeshi.kernel.worlds import World
from hikeshi.ledger.models import Entry
from hikeshi.ledger.verify import verify
from tests import world

BODY = {
    "events": [
        {"what": "Beacon", "grade": 7, "pc": "pc-7", "raised": "21/11/2026 19:05", "who": {"mail": "a@example.com"}},
        {"what": "Beacon", "grade": 2, "pc": "pc-8", "raised": "21/11/2026 19:06", "who": {"mail": "b@example.com"}},
    ],
    "console": "https://edr.example/",
}
HEAD = "shapes:\n- name: a\n  identity: []\n"
PLAIN = Plain(
    (
        Line("finding_info.title", "what"),
        Line("severity", "grade", table=">= 7 = high\n>= 0 = low", otherwise="medium"),
        Line("identity", "what"),
        Line("identity", "pc"),
        Line("times.first", "raised", time="%d/%m/%Y %H:%M", zone="Asia/Tokyo"),
        Line("finding_info.src_url", "^.console"),
        Line("device.hostname", "pc"),
        Line("observables.email", "who.mail"),
    ),
    unwrap=("events",),
)


@pytest.fixture(autouse=True)
def _own_sources_forgotten() -> Iterator[None]:
    """The database forgets after each test; so must this process."""
    yield
    book.take_up(None, {})


def mapped(text: str = "", **more: str) -> Mapped:
    return Mapped(**{"title_en": "My EDR", "title_ja": "社内EDR", "text": text or plain_mapping.written(PLAIN), **more})


def save(code: str = "myedr", text: str = "", **more: object) -> int:
    return actions.save_source(by=world.admin(), code=code, terms=mapped(text), **more).number


def deliver(document: object, source: str = "myedr", alerts: int = 1) -> None:
    item = InboxItem(
        receipt=uuid7(),
        source=source,
        organisation_id=world.site().pk,
        body=json.dumps(document).encode(),
        content_type="application/json",
        received_at=clock.now(),
        world=World.REAL,
        alerts=alerts,
    )
    digesting.digest([item])


def test_a_mapped_source_reads_what_comes_and_a_mended_one_reads_the_next() -> None:
    save()
    deliver(BODY, alerts=2)
    grave, light = Alert.objects.order_by("-severity")
    assert (grave.title, grave.severity, light.severity) == ("Beacon", 4, 2)
    assert grave.first_seen.isoformat() == "2026-11-21T10:05:00+00:00"
    assert {(one["type"], one["value"]) for one in grave.observables} == {("host", "pc-7"), ("email", "a@example.com")}
    assert grave.normal["finding_info"]["src_url"] == "https://edr.example/"
    assert grave.normal["metadata"]["product"]["name"] == "My EDR"
    save(text=plain_mapping.written(PLAIN).replace("from: grade", "from: nowhere"), version=1)
    deliver({"events": [{"what": "Beacon", "pc": "pc-9", "grade": 7}]})
    assert Alert.objects.latest("id").severity == 3, "the second version reads at once"
    assert not verify(state=True).findings


def test_what_a_mended_source_reads_otherwise_shows_with_the_next_repeat() -> None:
    """The row says the same as what comes, but for how it is read."""
    again = {
        "events": [{"what": "Beacon", "pc": "pc-9", "grade": 7, "raised": "21/11/2026 19:05", "whose": "c@example.com"}]
    }
    save()
    for _ in range(3):
        deliver(again)
    assert {one["type"] for one in Alert.objects.get().observables} == {"host"}
    save(
        text=plain_mapping.written(PLAIN).replace("who.mail", "whose"),
        version=1,
    )
    deliver(again)
    row = Alert.objects.get()
    assert row.count == 4
    assert {(one["type"], one["value"]) for one in row.observables} == {("host", "pc-9"), ("email", "c@example.com")}


def test_a_source_is_unknown_until_it_is_mapped_and_nothing_of_it_is_lost() -> None:
    deliver(BODY, alerts=2)
    deliver({"events": [{"pc": "pc-1"}]})
    assert [one.error for one in Parked.objects.all()] == ["unknown_source", "unknown_source"]
    save()
    done = actions.replay_source(by=world.admin(), code="myedr")
    assert (done.read, done.still, done.left) == (1, 1, 0)
    assert Alert.objects.count() == 2
    assert [one.error for one in Parked.objects.all()] == ["no_title"]
    again = actions.replay_source(by=world.admin(), code="myedr", after=done.after, until=done.until)
    assert (again.read, again.still, again.left) == (0, 0, 0), "what still cannot be read is not read for ever"
    totals = queries.totals()
    assert (totals.digested, totals.parked) == (3, 1)
    assert not verify(state=True).findings


def test_a_shipped_source_is_changed_here_and_comes_back() -> None:
    copy = site_sources.terms_of_file("generic")
    assert copy is not None
    changed = copy.text.replace("finding_info.title: ", "finding_info.title: alarm | ")
    actions.save_source(
        by=world.admin(),
        code="generic",
        terms=mapped(changed),
    )
    deliver({"alarm": "Siren"}, source="generic")
    assert Alert.objects.get().title == "Siren"
    assert sourcing.source(world.admin(), "generic").line.origin == "changed"
    actions.take_out_source(by=world.admin(), code="generic")
    deliver({"alarm": "Siren"}, source="generic")
    assert Parked.objects.get().error == "no_title"
    assert sourcing.source(world.admin(), "generic").shown.number == 0
    assert not verify(state=True).findings


def test_a_source_taken_out_is_read_no_more_and_saved_again_it_is() -> None:
    save()
    take_up()
    assert "myedr" in book.sources()
    actions.take_out_source(by=world.admin(), code="myedr")
    take_up()
    assert "myedr" not in book.sources()
    assert sourcing.source(world.admin(), "myedr").line.state == "off"
    save()
    take_up()
    assert book.source("myedr").version == 2


def test_a_mapping_that_an_upgrade_broke_loses_nothing() -> None:
    save()
    SourceVersion.objects.update(text="shapes:\n- name: a\n  identity: []\n  severity: b\n  normal: {gone.away: c}\n")
    deliver(BODY)
    assert Parked.objects.get().error == "no_shape"
    save()
    assert actions.replay_source(by=world.admin(), code="myedr").read == 1
    assert Alert.objects.count() == 2


def test_only_who_manages_the_whole_site_maps_and_nobody_saves_over_another() -> None:
    local = world.actor("local", "administrator", at=world.organisation("Branch"))
    for verb in (
        lambda: actions.save_source(by=local, code="myedr", terms=mapped()),
        lambda: actions.take_out_source(by=local, code="myedr"),
    ):
        with pytest.raises(NotAllowed):
            verb()
    save()
    save(version=1)
    with pytest.raises(Conflict) as clash:
        save(version=1, text=plain_mapping.written(PLAIN).replace("pc", "host"))
    assert clash.value.version == 2
    assert "path: host" not in clash.value.theirs["text"]
    entry = Entry.objects.filter(fact="intake.SourceSaved").latest("number")
    assert "Beacon" not in entry.body
    assert "EDR" not in entry.body, "what people wrote is committed to, not copied into the ledger"


@pytest.mark.parametrize(
    ("text", "reason", "line"),
    [
        ("shapes: [", "rule_yaml", "2"),
        ("just words", "source_no_table", "1"),
        ("shapes: []", "source_no_shape", "1"),
        ("shape: []", "source_key", "1"),
        ("unwrap: alerts\nshapes: [{}]", "source_unwrap", "1"),
        ("unwrap: ['?']\nshapes: [{}]", "source_unwrap", "1"),
        ("keys: loud\nshapes: [{}]", "source_spelling", "1"),
        (HEAD + "  severity: b", "source_part", "1"),
        (HEAD + "  severity: b\n  normal: {}", "source_title", "1"),
        (HEAD + "  severity: b\n  normal: x", "source_table", "5"),
        (
            HEAD + "  severity: b\n  normal:\n    finding_info.title: c\n    device.host: d",
            "source_name_near",
            "7",
        ),
        (
            HEAD + "  severity: b\n  normal:\n    finding_info.title: a..b",
            "source_expression",
            "6",
        ),
        (
            HEAD + "  severity: {from: b, match: '(a{1000}){1000}'}\n  normal: {finding_info.title: a}",
            "source_expression",
            "4",
        ),
        (
            HEAD + "  severity: {from: b, time: '%d', zone: Mars/Olympus}\n  normal: {finding_info.title: a}",
            "source_expression",
            "4",
        ),
        (
            HEAD + "  severity: b\n  normal: {finding_info.title: a}\n  observables: {ipp: a}",
            "source_observable",
            "6",
        ),
        ("a: &a [x]\nb: *a", "rule_reference", "1"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_line(text: str, reason: str, line: str) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.save_source(by=world.admin(), code="myedr", terms=mapped(text))
    assert (refusal.value.reason, refusal.value.params["line"]) == (reason, line)


@pytest.mark.parametrize("code", ["", "My EDR", "new", "a/b", "x" * 41])
def test_a_code_is_a_short_word(code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.save_source(by=world.admin(), code=code, terms=mapped())
    assert refusal.value.field == "code"


def test_lines_become_text_and_text_becomes_the_same_lines() -> None:
    text = plain_mapping.written(PLAIN)
    again = plain_mapping.read(text)
    assert set(again.lines) == set(PLAIN.lines)
    assert (again.unwrap, again.keys) == (PLAIN.unwrap, "")
    assert plain_mapping.written(again) == text
    for more, code in (("# why\n" + text, "comments"), (text + "- name: b\n", "several")):
        with pytest.raises(Unsayable) as refusal:
            plain_mapping.read(more)
        assert refusal.value.code == code


@pytest.mark.parametrize("code", book.shipped())
def test_the_copy_of_a_shipped_source_reads_its_samples_as_the_shipped_one_does(code: str) -> None:
    copy = site_sources.terms_of_file(code)
    assert copy is not None
    source = site_sources.compiled(code, 1, copy)
    for sample in sorted((book.FOLDER / code / "samples").glob("*.*json")):
        told = [
            [
                (one.error, one.fingerprint, one.finding.title, one.finding.severity, one.finding.observables)
                for one in previewing.preview(each, sample.read_bytes()).seen
                if one.finding is not None
            ]
            for each in (source, book.shipped()[code])
        ]
        assert told[0] == told[1]
        assert told[0]


def test_a_preview_says_what_would_become_of_each_alert_and_keeps_nothing() -> None:
    source = site_sources.compiled("myedr", 1, mapped())
    twice = {"events": [*BODY["events"], BODY["events"][0], {"pc": "x"}, 5]}
    seen = previewing.preview(source, json.dumps(twice).encode())
    assert (seen.alerts, seen.unreadable) == (5, 2)
    assert [one.twin for one in seen.seen] == [0, 0, 1, 0, 0]
    assert [one.error for one in seen.seen] == ["", "", "", "no_title", "not_an_object"]
    assert seen.seen[0].rule is not None
    assert not Alert.objects.exists()


def test_the_tree_names_every_field_so_that_the_mapping_finds_it() -> None:
    document = {
        "a": {"b.c": 1, 'q"': 2},
        "list": [{"x": 1}, {"y": [3, 4]}],
        "tags": ["p", "q"],
        "none": None,
        "empty": {},
    }
    found = {one.path: one.value for one in tree.tree(document, {"around": "e", "alerts": [document]}).leaves}
    assert found == {
        'a."b.c"': "1",
        "list[].x": "1",
        "list[].y[]": "3, 4",
        "tags[]": "p, q",
        "none": "null",
        "empty": "{}",
        "^.around": "e",
    }
    deep: dict[str, object] = {}
    for _ in range(90):
        deep = {"d": deep}
    assert tree.tree(deep).whole
    assert not tree.tree({f"k{number}": number for number in range(1_000)}).whole
