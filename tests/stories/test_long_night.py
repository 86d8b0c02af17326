"""A long night before Golden Week: from the alert at 02:40 to the close after the holidays, not a link of it missing.

The days, in Tokyo: Wednesday 28 April 2027; Thursday 29 is a holiday (Showa Day); Friday 30 is worked; then a weekend
and 3 to 5 May (Constitution, Greenery and Children's Day); Thursday 6 and Friday 7 May are worked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.test import Client
from django.test.utils import override_settings
from django.utils import translation

from hikeshi.accounts import queries as people
from hikeshi.accounts.models import Person
from hikeshi.incidents import actions as incidents
from hikeshi.incidents import queries
from hikeshi.incidents.codes import RecordClass, Waiting
from hikeshi.incidents.models import Incident, Participant
from hikeshi.intake.models import Alert
from hikeshi.kernel import clock
from hikeshi.ledger.models import Parked
from hikeshi.ledger.verify import verify
from hikeshi.notify.handing import Parcel
from hikeshi.oncall import actions as oncall
from hikeshi.oncall.models import Rota, Run
from hikeshi.oncall.queries import rotas
from hikeshi.service_levels.codes import Act
from tests import phone, world
from tests.domains import calling, clocks
from tests.domains.incidents import fresh
from tests.domains.oncall import planner, weekly
from tests.phone import Phone
from tests.web import desk

TOKYO = ZoneInfo("Asia/Tokyo")
NIGHT, DAY = ("0-9, 18-24",) * 7, ("9-18",) * 7
# When, in Tokyo; who; and the sentence, as the timeline shows them.
READS = {
    "en": (
        ("28 02:40", "Rules", "Opened by rule ransomware as Ransomware, priority Critical."),
        ("28 02:40", "Escalation", "Called Ito (step 1, round 1; people called: 1)."),
        ("28 02:40", "Escalation", "Told the executives: Boss (people told: 1)."),
        ("28 02:45", "Escalation", "Called Ito (step 3, round 1; people called: 1)."),
        ("28 02:55", "Escalation", "Called Mori (step 4, round 1; people called: 1)."),
        ("28 02:57", "Mori", "Mori has answered the call."),
        ("28 09:00", "Mori", "Assigned to Kato."),
        ("28 16:30", "Kato", "Now waits for a supplier."),
        ("06 10:20", "Kato", "No longer waits for a supplier: work goes on."),
        ("06 14:50", "Messages out", "Warning of a deadline sent to Kato: ntfy."),
        ("07 18:30", "Kato", "Closed as Incident."),
    ),
    "ja": (
        ("28 02:40", "ルール", "「ランサムウェア」として開始しました（ルール「ransomware」、優先度: 重大）。"),
        ("28 02:40", "エスカレーション", "Itoを呼び出しました（1巡目の段階 1、1人）。"),
        ("28 02:40", "エスカレーション", "経営層に知らせました: Boss（1人）。"),
        ("28 02:45", "エスカレーション", "Itoを呼び出しました（1巡目の段階 3、1人）。"),
        ("28 02:55", "エスカレーション", "Moriを呼び出しました（1巡目の段階 4、1人）。"),
        ("28 02:57", "Mori", "Moriが応答しました。"),
        ("28 09:00", "Mori", "担当をKatoにしました。"),
        ("28 16:30", "Kato", "業者待ちにしました。"),
        ("06 10:20", "Kato", "業者待ちを終えました（対応を再開）。"),
        ("06 14:50", "通知", "Katoさんに期限の警告を送りました（ntfy）。"),
        ("07 18:30", "Kato", "「インシデント」として完了しました。"),
    ),
}


def tokyo(day: str, time: str) -> datetime:
    return datetime.fromisoformat(f"2027-{day} {time}").replace(tzinfo=TOKYO)


@dataclass(frozen=True, slots=True)
class Crew:
    """``ito``: on call at night. ``mori``: the deputy. ``kato``: the day shift. ``boss``: an executive."""

    ito: Person
    mori: Person
    kato: Person
    boss: Person
    chief: Person
    first: Rota


@override_settings(PUBLIC_URL="https://desk.example")
def test_a_long_night_before_golden_week() -> None:
    clock.freeze(tokyo("04-27", "12:00"))
    crew, rang = _staffed(), Phone()
    with phone.ringing(ntfy=rang):
        record = _an_alert_opens_the_record(crew, rang)
        _the_deputy_answers_by_the_link(crew, record, rang)
        _the_day_takes_over(crew, record, rang)
        _golden_week_costs_no_time(crew, record, rang)
        _the_record_is_carried_to_its_end(crew, record, rang)
    _it_reads_well(record)
    assert not Parked.objects.exclude(error="").exists()
    report = verify(state=True)
    assert (report.holds, report.findings) == (True, ())


def _staffed() -> Crew:
    """Two rotas at night and day, a policy that calls twice and goes on to the deputy, an office and its promise."""
    ito, mori, kato = (_with_phone(one, "responder") for one in ("ito", "mori", "kato"))
    boss, chief = _with_phone("boss", "manager"), _with_phone("chief", "commander")
    first, second = _rota("First", ito, kato), _rota("Second", mori, kato)
    on_call = {"kind": calling.TargetKind.ROTA}
    calling.policy(
        calling.step(value=str(first.uuid), **on_call),
        calling.step(kind=calling.TargetKind.EXECUTIVES, anyway=True),
        calling.step(after=5, value=str(first.uuid), **on_call),
        calling.step(after=10, value=str(second.uuid), **on_call),
        calling.step(chief, 10),
        priorities=(1,),
    )
    clocks.office()
    steps = (clocks.step(50, Act.TELL_OWNER), clocks.step(100, Act.TELL_LEAD))
    clocks.promised(minutes=24 * 60, steps=steps)
    return Crew(ito, mori, kato, boss, chief, first)


def _with_phone(username: str, role: str) -> Person:
    calling.listens()
    person = world.person(username, role)
    phone.way(person, address=f"https://ntfy.example/{username}")
    return person


def _rota(name: str, night: Person, day: Person) -> Rota:
    begins = datetime.fromisoformat("2027-04-01 09:00")
    layers = [weekly(day, begins=begins, week=DAY), weekly(night, begins=begins, week=NIGHT)]
    return oncall.add_rota(
        by=planner(), organisation=world.site().uuid, name=name, time_zone="Asia/Tokyo", layers=layers
    )


def _goes_on(minutes: float = 0) -> None:
    """So much time passes, and every loop of the engine does what is due."""
    calling.works(minutes)
    clocks.engine()
    calling.works()
    phone.send()
    clocks.engine()


def _until(at: datetime) -> None:
    clock.freeze(at)
    _goes_on()


@contextmanager
def _rings(rang: Phone, *names: str) -> Iterator[None]:
    """These people's phones ring meanwhile, each as often as named, and nobody else's."""
    before = len(rang.rang)
    yield
    assert sorted(one.to.name.lower() for one in rang.rang[before:]) == sorted(names)


def _last_of(rang: Phone, person: Person) -> Parcel:
    return next(one for one in reversed(rang.rang) if one.to.owner == calling.ref(person))


def _taps(parcel: Parcel) -> int:
    """Whoever holds the phone taps: I have it. Nobody is signed in."""
    assert parcel.link == f"https://desk.example/a/{parcel.token}"
    return Client().post(f"/a/{parcel.token}", {"choice": "acknowledge"}).status_code


def _an_alert_opens_the_record(crew: Crew, rang: Phone) -> Incident:
    """The night's first phone rings, and the executive is told without anybody asking."""
    _until(tokyo("04-28", "02:40"))
    assert rotas.on_call_now(rotas.ref_of(crew.first), clock.now()) == (calling.ref(crew.ito),)
    with _rings(rang, "ito", "boss"):
        desk.alert("Ransomware: files encrypted on SV-FILE01", "critical", host="SV-FILE01")
        _goes_on()
    record = Incident.objects.get()
    assert (record.kind, record.priority, record.owner, record.opened_at) == ("ransomware", 1, None, clock.now())
    assert Alert.objects.get().case == record.subject
    assert record.ref in _last_of(rang, crew.ito).title
    told = _last_of(rang, crew.boss)
    assert (record.ref in told.title, told.choices, told.token) == (True, (), ""), "told, and asked for nothing"
    assert Participant.objects.get(incident=record, role="executive").person == crew.boss
    return record


def _the_deputy_answers_by_the_link(crew: Crew, record: Incident, rang: Phone) -> None:
    """Ito sleeps: called again after five minutes, and after ten more Mori is, who has it from then on."""
    with _rings(rang):
        _until(tokyo("04-28", "02:44:59"))
    with _rings(rang, "ito"):
        _until(tokyo("04-28", "02:45"))
    with _rings(rang):
        _until(tokyo("04-28", "02:54:59"))
    with _rings(rang, "mori"):
        _until(tokyo("04-28", "02:55"))
    assert fresh(record).owner is None
    _until(tokyo("04-28", "02:57"))
    assert _taps(_last_of(rang, crew.mori)) == 302
    _goes_on()
    run = Run.objects.get()
    assert (run.state, run.answered_by, fresh(record).owner) == ("answered", calling.ref(crew.mori), crew.mori)
    with _rings(rang):
        _goes_on(120)
    assert _taps(_last_of(rang, crew.ito)) == 422, "who wakes late finds it taken"
    assert fresh(record).owner == crew.mori


def _the_day_takes_over(crew: Crew, record: Incident, rang: Phone) -> None:
    """At nine the rota names Kato; Mori gives the record to whom it names, and Kato's own tap takes it."""
    _until(tokyo("04-28", "08:59:59"))
    assert rotas.on_call_now(rotas.ref_of(crew.first), clock.now()) == (calling.ref(crew.ito),)
    _until(tokyo("04-28", "09:00"))
    (day,) = rotas.on_call_now(rotas.ref_of(crew.first), clock.now())
    assert day == calling.ref(crew.kato)
    with _rings(rang, "kato"):
        incidents.assign(by=people.actor_of(crew.mori), ref=record.ref, owner=day.removeprefix("person:"))
        _goes_on()
    assert (Run.objects.get().state, fresh(record).owner) == ("calling", crew.kato), "given is not yet taken"
    assert _taps(_last_of(rang, crew.kato)) == 302
    with _rings(rang):
        _goes_on(60)
    assert (Run.objects.get().state, Run.objects.get().answered_by) == ("answered", day)


def _golden_week_costs_no_time(crew: Crew, record: Incident, rang: Phone) -> None:
    """24 office hours (9 to 18) are promised. By hand, in Tokyo:

    Without a wait: 9 h on Wednesday 28 April, none on the 29th, 9 h on Friday 30, none from 1 to 5 May, 6 h on Thursday
    6 May: due at 15:00. Waiting from Wednesday 16:30:15 on: 7:30:15 are used up, 16:29:45 are left. Taken up on
    Thursday 6 May at 10:20:30: half of the time (12:00:00) is used up 4:29:45 later, at 14:50:15; 7:39:30 fit into
    Thursday, so 8:50:15 fall on Friday: due at 17:50:15.
    """
    kato = people.actor_of(crew.kato)
    incidents.declare(by=kato, ref=record.ref, reason="A ransom note was found")
    incidents.move(by=kato, ref=record.ref, phase="analyse")
    incidents.move(by=kato, ref=record.ref, phase="contain", keep_open=True)
    assert clocks.clock_of(record).due_at == tokyo("05-06", "15:00")
    _until(tokyo("04-28", "16:30:15"))
    incidents.wait(by=kato, ref=record.ref, waiting=Waiting.SUPPLIER, reason="The vendor sends a restore tool")
    with _rings(rang):
        for day in ("04-29", "04-30", "05-01", "05-03", "05-04", "05-05"):
            _until(tokyo(day, "12:00"))
            still = clocks.clock_of(record)
            assert (still.state, still.due_at, still.left) == ("paused", None, (16 * 60 + 29) * 60 + 45)
        _until(tokyo("05-06", "10:20:30"))
        incidents.resume(by=kato, ref=record.ref)
        _goes_on()
        assert clocks.clock_of(record).due_at == tokyo("05-07", "17:50:15")
        _until(tokyo("05-06", "14:50:14"))
    with _rings(rang, "kato"):
        _until(tokyo("05-06", "14:50:15"))
    said = _last_of(rang, crew.kato)
    assert record.ref in said.title
    assert "50%" in said.title
    assert "2027/5/7(金) 17:50 JST" in said.text


def _the_record_is_carried_to_its_end(crew: Crew, record: Incident, rang: Phone) -> None:
    """The time runs out to the second, which who leads is told; then it goes through its course and is closed."""
    with _rings(rang):
        _until(tokyo("05-07", "17:50:14"))
    with _rings(rang, "chief"):
        _until(tokyo("05-07", "17:50:15"))
    with _rings(rang):
        _until(tokyo("05-07", "18:30"))
    kato, ref = people.actor_of(crew.kato), record.ref
    for gate in ("spread_stopped", "evidence_taken"):
        incidents.confirm_gate(by=kato, ref=ref, gate=gate)
    incidents.move(by=kato, ref=ref, phase="eradicate")
    for one in (crew.kato, crew.mori):
        incidents.confirm_gate(by=people.actor_of(one), ref=ref, gate="cause_removed")
    incidents.move(by=kato, ref=ref, phase="recover")
    incidents.move(by=kato, ref=ref, phase="report")
    incidents.confirm_gate(by=kato, ref=ref, gate="recovery_checked")
    for phase in ("recover", "report"):
        incidents.finish_phase(by=kato, ref=ref, phase=phase)
    incidents.close(by=kato, ref=ref, resolution="Restored from backup", record_class=RecordClass.INCIDENT)
    with _rings(rang):
        _goes_on(24 * 60)
    assert (fresh(record).status, Run.objects.get().state) == ("closed", "stopped")
    assert clocks.clock_of(record).state == "missed"


def _it_reads_well(record: Incident) -> None:
    """From top to bottom in this order, with who and when."""
    for language, story in READS.items():
        with translation.override(language):
            lines = queries.timeline(world.admin(), record.ref, limit=100).items
        told = [(f"{one.at.astimezone(TOKYO):%d %H:%M}", one.actor_name, one.sentence) for one in reversed(lines)]
        assert [one for one in told if one in story] == list(story), told
